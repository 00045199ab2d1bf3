package dev.bactrian.dump.plan;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.SnapshotCounts;
import dev.bactrian.run.Evidence;
import java.util.List;
import java.util.Map;

/** Compares what the queries in {@code sql/} gave, which can be edited, with what the snapshot has by Bactrian's own count. */
final class CatalogCounts {

    private CatalogCounts() {}

    /**
     * Nothing without a count. Tables may be left out by a condition of one's own (docs/routes.md): then the backup says so.
     *
     * @throws dev.bactrian.problem.ProblemException naming the query that leaves something out
     */
    static void compare(
            BackupRun run,
            List<Map<String, Object>> tables,
            List<Map<String, Object>> sequences,
            List<Map<String, Object>> schemas,
            List<Map<String, Object>> materializedViews,
            long largeObjects) {
        Evidence evidence = run.getEvidence();
        evidence.requireAll(SnapshotCounts.SCHEMAS, distinct(schemas), "sql/backup/detect-schemas.sql");
        evidence.requireAll(SnapshotCounts.SEQUENCES, distinct(sequences), "sql/backup/detect-sequences.sql");
        evidence.requireAll(
                SnapshotCounts.MATERIALIZED_VIEWS,
                distinct(materializedViews),
                "sql/backup/detect-materialized-views.sql");
        evidence.requireAll(SnapshotCounts.LARGE_OBJECTS, largeObjects, "sql/backup/detect-server.sql");
        long left = evidence.count(SnapshotCounts.TABLES).orElse(0L) - distinct(tables);
        if (left > 0) {
            run.warn("sql/backup/detect-tables.sql leaves out " + (left == 1 ? "one table" : left + " tables")
                    + " of this database: their definitions are saved, their rows aren't, and the manifest doesn't "
                    + "name them. If that isn't intended, put back the shipped file.");
        }
    }

    private static long distinct(List<Map<String, Object>> rows) {
        return rows.stream().distinct().count();
    }
}
