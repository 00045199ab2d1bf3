package dev.bactrian.instant;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A pg_dump that reads no row as long as a test holds an advisory lock in the source: the backup stands still there. */
final class DumpGate implements AutoCloseable {

    private static final long KEY = 4712;
    private static final String HELD =
            "SELECT (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database()"
                    + " AND locktype = 'advisory' AND objid = " + KEY + " AND NOT granted) = 1"
                    // The snapshot's, the one that looks for changes, and this one: what pg_dump of the definitions
                    // reads is read.
                    + " AND (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name = 'bactrian') = 3";

    private final TestDatabase source;
    private final Connection lock;

    private DumpGate(TestDatabase source, Connection lock) {
        this.source = source;
        this.lock = lock;
    }

    /** The client programs of a server, with such a pg_dump among them. */
    static Path programs(PostgresServer server) {
        try {
            Path bin = BactrianService.temporaryFolder();
            Path real = server.client();
            for (String program : new String[] {"pg_dumpall", "pg_restore"}) {
                Files.createSymbolicLink(bin.resolve(program), real.resolve(program));
            }
            Path script = bin.resolve("pg_dump");
            Files.writeString(
                    script,
                    """
                    #!/bin/bash
                    case "$*" in
                      *--data-only*) %s/psql -X -q -o /dev/null -d "$2" -c 'SELECT pg_advisory_lock_shared(%d)' || exit 1 ;;
                    esac
                    exec %s/pg_dump "$@"
                    """
                            .formatted(real, KEY, real));
            if (!script.toFile().setExecutable(true)) {
                throw new IOException("not executable: " + script);
            }
            return bin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes it: from now on backups of this database stand still before its rows. */
    static DumpGate close(TestDatabase source) {
        try {
            Connection lock = source.connect();
            try (Statement statement = lock.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
            }
            return new DumpGate(source, lock);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitHeld() {
        Awaitility.await("a backup that stands still before the rows")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> source.jdbc().queryForObject(HELD, Boolean.class));
    }

    /** Opens it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
