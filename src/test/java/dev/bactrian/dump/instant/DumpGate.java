package dev.bactrian.dump.instant;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A pg_dump that reads no row as long as a test holds an advisory lock in the source: the backup stands still there. */
final class DumpGate implements AutoCloseable {

    private static final long KEY = 4712;
    private static final String HELD =
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database()"
                    + " AND locktype = 'advisory' AND objid = " + KEY + " AND NOT granted";

    /** Says that what the backup reads of the definitions is read. */
    private static final Path DEFINED = BactrianService.temporaryFolder().resolve("defined");

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
            for (String program : List.of("pg_dumpall", "psql")) {
                Files.createSymbolicLink(bin.resolve(program), real.resolve(program));
            }
            // It is started once the definitions are dumped and confirmed.
            script(
                    bin.resolve("pg_restore"),
                    """
                    #!/bin/bash
                    touch %s
                    exec %s/pg_restore "$@"
                    """
                            .formatted(DEFINED, real));
            script(
                    bin.resolve("pg_dump"),
                    """
                    #!/bin/bash
                    for ((i = 1; i < $#; i++)); do
                      if [[ ${!i} == -d ]]; then after=$((i + 1)) connection=${!after}; fi
                    done
                    case "$*" in
                      *--data-only*) %s/psql -X -q -o /dev/null -d "$connection" -c 'SELECT pg_advisory_lock_shared(%d)' || exit 1 ;;
                    esac
                    exec %s/pg_dump "$@"
                    """
                            .formatted(real, KEY, real));
            return bin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("not executable: " + file);
        }
    }

    /** Closes it: from now on backups of this database stand still before its rows. */
    static DumpGate close(TestDatabase source) {
        try {
            Files.deleteIfExists(DEFINED);
            Connection lock = source.connect();
            try (Statement statement = lock.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
            }
            return new DumpGate(source, lock);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitHeld() {
        Awaitility.await("a backup that stands still before the rows")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Files.exists(DEFINED) && source.jdbc().queryForObject(HELD, Integer.class) == 1);
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
