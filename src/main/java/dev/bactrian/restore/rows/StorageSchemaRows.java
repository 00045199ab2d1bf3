package dev.bactrian.restore.rows;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.StoredFiles;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows of buckets and files. They join those that are there: none is ever deleted or changed, since only the Storage API
 * deletes a file with its row. What was there and differs is told.
 */
public final class StorageSchemaRows {

    private static final Relation.Named BUCKETS = new Relation.Named("storage", "buckets");
    private static final Relation.Named OBJECTS = new Relation.Named("storage", "objects");

    /** Differ between projects for buckets that are the same. */
    private static final Set<String> CIRCUMSTANCES = Set.of("owner", "owner_id", "created_at", "updated_at");

    private final TableLoad table;
    private final RestoreRun run;
    private final Connection connection;
    private final String saved;
    private final List<String> columns;
    private final boolean buckets;

    StorageSchemaRows(TableLoad table, RestoreRun run, Connection connection, String saved, List<String> columns) {
        this.table = table;
        this.run = run;
        this.connection = connection;
        this.saved = saved;
        this.columns = columns;
        this.buckets = BUCKETS.equals(table.target());
    }

    public static boolean are(Relation.Named table) {
        return BUCKETS.equals(table) || OBJECTS.equals(table);
    }

    /** Inserts those that are wanted and not there; answers how many. */
    long join(String insert, String rows) throws SQLException {
        StoredFiles files = run.getRequest().files();
        tellUnknown(files);
        String wanted = rows + " WHERE " + files.condition(buckets);
        if (run.getRequest().is(Option.TRUNCATE)) {
            tellKept();
        }
        if (buckets) {
            tellDifferent(files);
        }
        long asked = count(wanted);
        long made = insert(insert + wanted, rows);
        if (made < asked) {
            run.getReport()
                    .note(Units.counted(asked - made, "row") + " of " + table.quoted()
                            + (asked - made == 1
                                    ? " existed already, and stayed as it is."
                                    : " existed already, and stayed as they are."));
        }
        return made;
    }

    /** Inserts, and compares what the server has made of it with what was saved. */
    private long insert(String insert, String rows) throws SQLException {
        String text = "ROW(" + Relation.quoted(columns) + ")::text";
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet counts = statement.executeQuery("WITH made AS (" + insert
                    + " ON CONFLICT DO NOTHING RETURNING " + text + " AS row) SELECT (SELECT count(*) FROM made),"
                    + " (SELECT count(*) FROM (SELECT row FROM made EXCEPT ALL SELECT " + text + " FROM (" + rows
                    + ") AS saved) AS other)")) {
                counts.next();
                if (counts.getLong(2) > 0) {
                    throw ReadBack.differs();
                }
                return counts.getLong(1);
            }
        }
    }

    private void tellUnknown(StoredFiles files) throws SQLException {
        List<String> unknown = new ArrayList<>();
        String key = buckets ? "id" : "bucket_id || '/' || name";
        for (String name : buckets ? files.buckets() : files.objects()) {
            if (count("SELECT FROM " + saved + " WHERE " + key + " = " + Relation.literal(name)) == 0) {
                unknown.add(name);
            }
        }
        unknown.forEach(name -> run.getReport()
                .add(new NotApplied((buckets ? "bucket " : "object ") + name, "The archive doesn't have it.", null)));
    }

    private void tellKept() throws SQLException {
        String key = buckets ? "there.id = saved.id" : "(there.bucket_id, there.name) = (saved.bucket_id, saved.name)";
        long others = count("SELECT FROM ONLY " + table.quoted() + " AS there WHERE NOT EXISTS (SELECT FROM " + saved
                + " AS saved WHERE " + key + ")");
        if (others > 0) {
            run.getReport()
                    .add(new NotApplied(
                            "deletion of " + Units.counted(others, "row") + " of " + table.quoted(),
                            "The archive doesn't have them. Rows of Storage can be deleted only through its API, "
                                    + "which deletes the files, too: delete them in the dashboard, or with the API.",
                            null));
        }
    }

    private void tellDifferent(StoredFiles files) throws SQLException {
        String compared = columns.stream()
                .filter(column -> !CIRCUMSTANCES.contains(column))
                .map(column -> "there." + Relation.quote(column) + " IS DISTINCT FROM saved." + Relation.quote(column))
                .collect(Collectors.joining(" OR "));
        Target.texts(
                        connection,
                        "SELECT saved.id FROM " + saved + " AS saved JOIN ONLY " + table.quoted()
                                + " AS there ON there.id = saved.id OR there.name = saved.name WHERE ("
                                + files.condition(true) + ") AND (" + compared + ") ORDER BY 1")
                .forEach(bucket -> run.getReport()
                        .add(new NotApplied(
                                "settings of bucket " + bucket,
                                "The target has this bucket already, with different settings, and keeps those. Change "
                                        + "them in the dashboard.",
                                null)));
    }

    private long count(String query) throws SQLException {
        return Long.parseLong(Target.text(connection, "SELECT count(*) FROM (" + query + ") AS counted"));
    }
}
