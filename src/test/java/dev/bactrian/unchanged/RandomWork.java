package dev.bactrian.unchanged;

import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Sessions that do things to tables of a database at random, some of them in transactions that stay open for a while. */
final class RandomWork implements AutoCloseable {

    private static final int SESSIONS = 3;

    private final TestDatabase database;
    private final Random random;
    private final List<RandomTable> tables = new ArrayList<>();
    private final Set<RandomTable> held = new HashSet<>();
    private final List<String> prepared = new ArrayList<>();
    private final List<Connection> open = new ArrayList<>();
    private Connection connection;
    private int done;
    private int failed;
    private final Map<String, Integer> refusals = new TreeMap<>();

    RandomWork(TestDatabase database, int tables, Random random) throws SQLException {
        this.database = database;
        this.random = random;
        connection = database.connect();
        for (int i = 0; i < tables; i++) {
            RandomTable table = new RandomTable(i, random);
            this.tables.add(table);
            run(connection, table.made());
        }
    }

    /** Lets something happen to each table that no open transaction holds. */
    void happens() throws SQLException {
        for (RandomTable table : tables) {
            if (!held.contains(table)) {
                run(connection, table.something());
            }
        }
    }

    /** Changes rows of all tables and nothing else, so that the transactions are there and the definitions as they were. */
    void changeRows() throws SQLException {
        for (RandomTable table : tables) {
            if (!held.contains(table) && random.nextInt(3) > 0) {
                run(connection, List.of("BEGIN; " + table.rowsChanged() + "; COMMIT"));
            }
        }
    }

    /** Begins transactions that change rows of some tables. */
    void begin() throws SQLException {
        for (RandomTable table : tables) {
            int chance = held.contains(table) ? SESSIONS : random.nextInt(30);
            if (chance == 0) {
                String name = table.unique();
                if (run(
                        connection,
                        List.of("BEGIN; " + table.rowsChanged() + "; PREPARE TRANSACTION '" + name + "'"))) {
                    prepared.add(name);
                    held.add(table);
                }
            } else if (chance == 1 && open.size() < SESSIONS) {
                Connection session = database.connect();
                open.add(session);
                held.add(table);
                run(session, List.of("BEGIN; " + table.rowsChanged()));
            }
        }
    }

    /** Ends them, most of the time. */
    void end() throws SQLException {
        if (random.nextInt(4) == 0) {
            return;
        }
        for (String name : prepared) {
            run(connection, List.of((random.nextInt(3) == 0 ? "ROLLBACK" : "COMMIT") + " PREPARED '" + name + "'"));
        }
        for (Connection session : open) {
            run(session, List.of(random.nextInt(3) == 0 ? "ROLLBACK" : "COMMIT"));
            session.close();
        }
        prepared.clear();
        open.clear();
        held.clear();
    }

    /** Uses up numbers of transactions and places in the log, as others do that write elsewhere. */
    void makeTransactions(int number, int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN FOR i IN 1.." + number
                    + " LOOP PERFORM pg_catalog.txid_current(); COMMIT; END LOOP; END $$");
            statement.execute("SELECT pg_catalog.pg_logical_emit_message(false, 'x', pg_catalog.repeat('y', 8000))"
                    + " FROM pg_catalog.generate_series(1, " + pages + ")");
        }
    }

    /** After the server was away: what was prepared is still there, or is not. */
    void reconnect() throws SQLException {
        prepared.clear();
        open.clear();
        held.clear();
        connection = database.connect();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT gid FROM pg_prepared_xacts")) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add("ROLLBACK PREPARED '" + rows.getString(1) + "'");
            }
            run(connection, found);
        }
    }

    private boolean run(Connection session, List<String> statements) throws SQLException {
        for (String sql : statements) {
            try (Statement statement = session.createStatement()) {
                try {
                    done++;
                    statement.execute(sql);
                } catch (SQLException e) {
                    if (session.isClosed() || !session.isValid(1)) {
                        throw e;
                    }
                    failed++;
                    refusals.merge(
                            sql + " " + e.getMessage().lines().findFirst().orElse(""), 1, Integer::sum);
                    statement.execute("ROLLBACK");
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether nearly all that was tried was possible: else the histories are of nothing. */
    boolean isWell() {
        return done > 0 && failed * 10 < done;
    }

    @Override
    public String toString() {
        return done + " statements, " + failed + " of them refused: " + refusals;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        for (Connection session : open) {
            session.close();
        }
    }
}
