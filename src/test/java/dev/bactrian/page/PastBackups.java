package dev.bactrian.page;

import dev.bactrian.testing.servers.TestDatabase;

/** A history that goes back, of backups whose archives are gone or were never there; real ones are made beside it. */
final class PastBackups {

    private PastBackups() {}

    /**
     * Nightly backups up to last night, a little larger each: every thirteenth failed, every fifth is proved, one was
     * asked for by a push.
     */
    static void insert(TestDatabase control, String database, int nights, long bytes, long rows, double seconds) {
        control.run("INSERT INTO backup_history (database, status, trigger, s3_key, size_bytes, sha256, tables_total, "
                + "tables_done, bytes_done, rows_total, created_at, started_at, finished_at, verified_at, error_text, source_repo, "
                + "source_event, source_ref, source_sha, notified_at) "
                + "SELECT '" + database + "', CASE WHEN failed THEN 'failed' ELSE 'success' END, "
                + "CASE WHEN night % 11 = 3 THEN 'push' ELSE 'schedule' END, "
                + "format('backups/archive/" + database
                + "/%s/020001_%s.zip', to_char(begun, 'YYYY/MM/DD'), md5(night::text)), "
                + "CASE WHEN NOT failed THEN (" + bytes + " * growth * (1 + 0.02 * sin(night * 2.1)))::bigint END, "
                + "CASE WHEN NOT failed THEN repeat(md5(night::text), 2) END, 53, 53, "
                + "(" + bytes + " * 3 * growth)::bigint, CASE WHEN NOT failed THEN (" + rows
                + " * growth)::bigint END, "
                + "begun, begun, begun + (" + seconds + " * (1 + 0.2 * sin(night * 1.7))) * interval '1 second', "
                + "CASE WHEN NOT failed AND night % 5 = 1 THEN begun + interval '1 hour' END, "
                + "CASE WHEN failed THEN 'dumping: Cannot read table \"billing\".\"card\": role backup doesn''t have SELECT. The backup was "
                + "stopped and nothing was stored. Run: GRANT pg_read_all_data TO backup;' END, "
                + "CASE WHEN night % 11 = 3 THEN 'acme/shop' END, CASE WHEN night % 11 = 3 THEN 'push' END, "
                + "CASE WHEN night % 11 = 3 THEN 'refs/heads/main' END, CASE WHEN night % 11 = 3 THEN md5(night::text) END, now() "
                + "FROM (SELECT night, night % 13 = 4 AS failed, 1 - 0.008 * night AS growth, "
                + "date_trunc('day', now()) - night * interval '1 day' + interval '2 hours' - CASE WHEN now() < "
                + "date_trunc('day', now()) + interval '3 hours' THEN interval '1 day' ELSE interval '0' END AS begun "
                + "FROM generate_series(0, " + (nights - 1) + ") AS night) AS nights");
    }
}
