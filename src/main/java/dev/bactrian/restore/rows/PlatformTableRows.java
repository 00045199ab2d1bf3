package dev.bactrian.restore.rows;

import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows of a table that the target's platform has made, in its version: columns that the archive has and the table lacks
 * are left out and told, those that only the table has get their defaults. Files' rows join those that are there.
 */
final class PlatformTableRows {

    private static final String WAITING = StagedRows.TABLE;

    private final TableLoad table;
    private final RestoreRun run;
    private final Connection connection;
    private boolean wait;
    private List<String> shared = List.of();
    private List<String> lacking = List.of();

    PlatformTableRows(TableLoad table, RestoreRun run, Connection connection) {
        this.table = table;
        this.run = run;
        this.connection = connection;
    }

    /** Straight into the table where that is possible, else into a table of the same columns. */
    String into(CopyStatement from) throws SQLException {
        Set<String> there = new HashSet<>(Target.texts(
                connection,
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(" + Relation.literal(table.quoted())
                        + ") AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"));
        shared = from.columns().stream().filter(there::contains).toList();
        lacking = from.columns().stream()
                .filter(column -> !there.contains(column))
                .toList();
        wait = !lacking.isEmpty() || StorageSchemaRows.are(table.target());
        if (!wait) {
            return "COPY " + table.quoted() + " (" + list(shared) + ") FROM STDIN";
        }
        String columns = from.columns().stream()
                .map(column -> (there.contains(column) ? "" : "NULL::text AS ") + Relation.quote(column))
                .collect(Collectors.joining(", "));
        execute("CREATE TEMPORARY TABLE " + WAITING + " ON COMMIT DROP AS SELECT " + columns + " FROM ONLY "
                + table.quoted() + " WITH NO DATA");
        return "COPY " + WAITING + " (" + list(from.columns()) + ") FROM STDIN";
    }

    /** Whether the rows aren't in the table yet. */
    boolean waits() {
        return wait;
    }

    /** Those that the archive and the table have. */
    List<String> columns() {
        return shared;
    }

    /**
     * Brings rows that wait to where they belong.
     *
     * @param copied how many came from the archive
     * @param replica whether {@code session_replication_role} is replica
     * @return how many rows the table has got
     */
    long finish(long copied, boolean replica) throws SQLException {
        SideEffects.refuse(connection, table.quoted(), replica, SideEffects.Event.INSERT);
        for (String column : lacking) {
            tell(column);
        }
        String rows = "SELECT " + list(shared) + " FROM " + WAITING + " AS saved";
        String insert = "INSERT INTO " + table.quoted() + " (" + list(shared) + ") OVERRIDING SYSTEM VALUE ";
        if (StorageSchemaRows.are(table.target())) {
            return new StorageSchemaRows(table, run, connection, WAITING, shared).join(insert, rows);
        }
        long stored = execute(insert + rows);
        if (stored != copied) {
            throw new SQLException(
                    "The server stored " + stored + " of " + Units.counted(copied, "row") + ".", "P0001");
        }
        if (!ReadBack.same(ReadBack.of(connection, WAITING, shared), ReadBack.of(connection, table.quoted(), shared))) {
            throw ReadBack.differs();
        }
        return stored;
    }

    private void tell(String column) throws SQLException {
        String values = Target.text(connection, "SELECT count(" + Relation.quote(column) + ") FROM " + WAITING);
        if (!"0".equals(values)) {
            run.getReport()
                    .add(new NotApplied(
                            "column " + Relation.quote(column) + " of " + table.quoted(),
                            "The target's version of the table has no such column: its " + values
                                    + " values are left out.",
                            null));
        }
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.executeLargeUpdate(sql);
        }
    }

    private static String list(List<String> columns) {
        return Relation.quoted(columns);
    }
}
