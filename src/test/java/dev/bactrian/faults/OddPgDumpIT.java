package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A pg_dump that begins well: what it printed so far must never pass for a table. */
class OddPgDumpIT {

    private static Path bin;
    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() throws IOException {
        bin = BactrianService.temporaryFolder();
        for (String program : new String[] {"pg_dumpall", "pg_restore"}) {
            Files.createSymbolicLink(
                    bin.resolve(program), BactrianService.pg17().resolve(program));
        }
        pgDump("cat");
        source = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE item AS SELECT n, md5(n::text) AS text FROM generate_series(1, 5000) n");
        scene = Scene.start(
                Map.of("DATABASE_URL", source.url(), "PG_BIN", bin.toString(), "BACKUP_STALL_TIMEOUT", "2s"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** The real one, but the rows go through a filter that may end as it likes. */
    private static void pgDump(String filter) throws IOException {
        Path script = bin.resolve("pg_dump");
        Files.writeString(
                script,
                """
                #!/bin/bash
                set -o pipefail
                case "$*" in
                  *--data-only*) %s/pg_dump "$@" | { %s; } ;;
                  *) exec %s/pg_dump "$@" ;;
                esac
                """
                        .formatted(BactrianService.pg17(), filter, BactrianService.pg17()));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itDiesInTheMiddleOfATable() throws IOException {
        pgDump("head -n 1000; kill -9 $$");

        scene.assertFails("default", source, "pg_dump failed with exit code 137", "\"public\".\"item\"");
    }

    @Test
    void itFailsAfterAllOfATable() throws IOException {
        pgDump("cat; echo 'pg_dump: error: out of memory' >&2; exit 1");

        scene.assertFails("default", source, "pg_dump failed with exit code 1", "\"public\".\"item\"", "out of memory");
    }

    @Test
    void itSaysThatAllIsWellAfterHalfATable() throws IOException {
        pgDump("head -n 1000; cat >/dev/null; exit 0");

        scene.assertFails("default", source, "The program's output ended in the middle", "\"public\".\"item\"");
    }

    @Test
    void itHangs() throws IOException {
        pgDump("head -n 1000; exec sleep 600");

        scene.assertFails(
                "default",
                source,
                "pg_dump printed nothing for 2.0 s",
                "\"public\".\"item\"",
                "pg_stat_activity",
                "BACKUP_STALL_TIMEOUT");
    }

    @Test
    void itWarns() throws IOException {
        pgDump("cat; echo 'pg_dump: warning: something is odd' >&2");

        String id = scene.assertSucceeds("default", source);

        assertThat(scene.service()
                        .send("GET", "/api/backups/" + id + "/manifest", null)
                        .body())
                .contains("something is odd");
    }
}
