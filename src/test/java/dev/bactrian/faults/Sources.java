package dev.bactrian.faults;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Databases to back up: small ones, and ones that don't fit into what may be under way between server and store. */
final class Sources {

    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND query LIKE 'COPY %'"
                    + " AND application_name = 'bactrian' AND wait_event = 'ClientWrite'";

    private Sources() {}

    static TestDatabase small() {
        return PostgresServer.V15
                .createDatabase()
                .run("CREATE TABLE item AS SELECT n AS id, 'item ' || n AS name FROM generate_series(1, 100) n");
    }

    /** More than one part of an upload: about 11 MB when compressed. */
    static TestDatabase ofTwoParts() {
        return noise(small(), "big", 15);
    }

    /** More than all buffers together hold, so that pg_dump has to wait while uploads are held. */
    static TestDatabase tooBigForTheBuffers() {
        return noise(small(), "big", 96);
    }

    /** A table of so many megabytes of text that compress to three quarters. */
    static TestDatabase noise(TestDatabase database, String table, int megabytes) {
        return database.run("CREATE TABLE " + table + " AS SELECT n AS id, (SELECT string_agg(encode(sha512("
                + "(n || ' ' || i)::bytea), 'base64'), '') FROM generate_series(1, 11) i) AS noise"
                + " FROM generate_series(1, " + megabytes * 1000 + ") n");
    }

    /** Waits until a pg_dump can't get rid of its rows: the backup stands still in the middle of a table. */
    static void awaitHeldMidDump(TestDatabase source) {
        Awaitility.await("a pg_dump that waits for the store")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(() -> source.jdbc().queryForObject(WAITING, Integer.class, source.name()) > 0);
    }
}
