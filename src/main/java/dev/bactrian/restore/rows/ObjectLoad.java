package dev.bactrian.restore.rows;

import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.restore.target.Batches;
import dev.bactrian.restore.target.LargeObjectMarks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statements that pg_restore makes of large objects, one after the other, some in one transaction: each object that is
 * made or changed is locked to its end. An object whose number the target has already isn't touched: its content is compared,
 * and what differs is told.
 */
final class ObjectLoad {

    private static final Pattern CREATE = Pattern.compile("SELECT pg_catalog\\.lo_create\\('(\\d{1,10})'\\);");
    private static final Pattern OPEN = Pattern.compile("SELECT pg_catalog\\.lo_open\\('(\\d{1,10})', \\d{1,10}\\);");
    private static final Pattern CLOSE = Pattern.compile("SELECT pg_catalog\\.lo_close\\(0\\);");
    private static final String WRITE = "SELECT pg_catalog.lowrite(0, ";
    private static final Pattern PROPERTY = Pattern.compile(
            "(ALTER|GRANT|REVOKE|COMMENT ON|SECURITY LABEL)\\b[^']*?\\bLARGE OBJECT (\\d{1,10})\\b.*", Pattern.DOTALL);

    private static final int MOST_NAMED = 100;

    private final RestoreRun run;
    private final ObjectReferences wanted;
    private final Connection connection;
    private final Statement statement;
    private final Set<Long> there = new HashSet<>();
    private final List<Long> differing = new ArrayList<>();
    /** Of the object that is open; 0 for none. */
    private long open;

    private int uncommitted;
    private long offset;
    private boolean same;
    private @Nullable Savepoint beforeComparing;

    ObjectLoad(RestoreRun run, ObjectReferences wanted, Connection connection, Statement statement) {
        this.run = run;
        this.wanted = wanted;
        this.connection = connection;
        this.statement = statement;
    }

    /** Runs one, or what is done in its stead; it is one character per byte. */
    void one(String sql) throws SQLException {
        String text = sql.strip();
        Matcher create = CREATE.matcher(text);
        Matcher opens = OPEN.matcher(text);
        if (create.matches()) {
            create(Long.parseLong(create.group(1)));
        } else if (opens.matches()) {
            open(Long.parseLong(opens.group(1)), text);
        } else if (text.startsWith(WRITE) && text.endsWith(");")) {
            write(text);
        } else if (CLOSE.matcher(text).matches()) {
            close(text);
        } else {
            property(text);
        }
        // One that is open belongs to the transaction that opened it.
        if (open == 0 && uncommitted >= Batches.AT_ONCE) {
            commit();
        }
    }

    /** Keeps what was done so far. */
    void commit() throws SQLException {
        LargeObjectMarks.commit(connection, statement);
        uncommitted = 0;
    }

    private void create(long number) throws SQLException {
        if (!wanted.contain(number)) {
            return;
        }
        uncommitted++;
        if (!LargeObjectMarks.create(number, statement)) {
            there.add(number);
        }
    }

    private void open(long number, String sql) throws SQLException {
        open = number;
        offset = 0;
        same = true;
        if (there.contains(number)) {
            beforeComparing = connection.setSavepoint();
        } else if (wanted.contain(number)) {
            statement.execute(sql);
        }
    }

    private void write(String sql) throws SQLException {
        if (!there.contains(open)) {
            if (wanted.contain(open)) {
                statement.execute(sql);
            }
            return;
        }
        // Two quotes and \x around two digits per byte.
        String bytes = sql.substring(WRITE.length(), sql.length() - 2);
        int length = (bytes.length() - 4) / 2;
        same = same
                && isTrue("SELECT pg_catalog.lo_get(" + open + "::pg_catalog.oid, " + offset + ", " + length + ") = "
                        + bytes + "::pg_catalog.bytea");
        offset += length;
    }

    private void close(String sql) throws SQLException {
        if (there.contains(open)) {
            compareEnd();
        } else if (wanted.contain(open)) {
            statement.execute(sql);
        }
        uncommitted++;
        open = 0;
    }

    private void compareEnd() throws SQLException {
        if (!same
                || !isTrue("SELECT pg_catalog.length(pg_catalog.lo_get(" + open + "::pg_catalog.oid, " + offset
                        + ", 1)) = 0")) {
            differing.add(open);
        }
        Savepoint before = beforeComparing;
        if (before != null) {
            connection.releaseSavepoint(before);
            beforeComparing = null;
        }
    }

    /** False also when the role may not read it. */
    private boolean isTrue(String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() && result.getBoolean(1);
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e) || beforeComparing == null) {
                throw e;
            }
            connection.rollback(beforeComparing);
            return false;
        }
    }

    /** Owner, grants, comment. */
    private void property(String sql) throws SQLException {
        Matcher property = PROPERTY.matcher(sql);
        if (!property.matches()) {
            // Of the session and its transactions, which are ours.
            return;
        }
        long number = Long.parseLong(property.group(2));
        boolean unwanted = "ALTER".equals(property.group(1)) && run.getRequest().is(Option.NO_OWNER)
                || Set.of("GRANT", "REVOKE").contains(property.group(1))
                        && run.getRequest().is(Option.NO_PRIVILEGES);
        if (unwanted || there.contains(number) || !wanted.contain(number)) {
            return;
        }
        uncommitted++;
        try {
            String taken = RawText.statements(sql, connection);
            Attempt.run(connection, run.getReport(), () -> statement.execute(taken));
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            run.getReport().add(new NotApplied("large object", FatalErrors.firstLine(e), EntryText.forDriver(sql)));
        }
    }

    /** Tells of those that are others in the target. */
    void report() {
        differing.stream().limit(MOST_NAMED).forEach(number -> run.getReport()
                .add(new NotApplied(
                        "large object " + number,
                        "The target has a different one with this number, which stays as it is. Rows of the archive "
                                + "that refer to " + number + " refer to that one.",
                        null)));
        if (differing.size() > MOST_NAMED) {
            run.getReport()
                    .add(new NotApplied(
                            "large objects",
                            (differing.size() - MOST_NAMED)
                                    + " more have the numbers of different objects in the target.",
                            null));
        }
    }
}
