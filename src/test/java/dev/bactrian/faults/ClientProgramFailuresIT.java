package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pg_dump that isn't there, or can't read this server. */
class ClientProgramFailuresIT {

    private static final List<String> PROGRAMS = List.of("pg_dump", "pg_dumpall", "pg_restore");
    private static final Path DEBIANS_15 = Path.of("/usr/lib/postgresql/15/bin");

    private static Path bin;
    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() {
        bin = BactrianService.temporaryFolder();
        source = PostgresServer.V17.createDatabase().run("CREATE TABLE item AS SELECT 1 AS id");
        scene = Scene.start(Map.of("DATABASE_URL", source.url(), "PG_BIN", bin.toString()));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void empty() throws IOException {
        for (String program : PROGRAMS) {
            Files.deleteIfExists(bin.resolve(program));
        }
    }

    private static void install(Path from) throws IOException {
        for (String program : PROGRAMS) {
            Files.deleteIfExists(bin.resolve(program));
            Files.createSymbolicLink(bin.resolve(program), from.resolve(program));
        }
    }

    @Test
    void pgDumpIsMissing() throws IOException {
        scene.assertFails(
                "default", source, "pg_dump was not found", bin.toString(), "apt-get install postgresql-client");

        install(BactrianService.pg17());
        scene.assertSucceeds("default", source);
    }

    @Test
    void pgDumpIsOlderThanTheServer() throws IOException {
        if (Files.isExecutable(DEBIANS_15.resolve("pg_dump"))) {
            install(DEBIANS_15);
        } else {
            Path old = Files.writeString(bin.resolve("pg_dump"), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.13'\n");
            assertThat(old.toFile().setExecutable(true)).isTrue();
        }

        scene.assertFails(
                "default",
                source,
                "pg_dump 15",
                "older than the server",
                "PostgreSQL 17",
                "client 17 or newer",
                "PG_BIN");

        install(BactrianService.pg17());
        scene.assertSucceeds("default", source);
    }

    @Test
    void pgDumpBreaksOffInTheMiddle() throws IOException {
        install(BactrianService.pg17());
        Files.delete(bin.resolve("pg_dump"));
        Path half = Files.writeString(
                bin.resolve("pg_dump"),
                "#!/bin/bash\ncase \"$*\" in *--data-only*) '"
                        + BactrianService.pg17().resolve("pg_dump")
                        + "' \"$@\" | head -c 1000; kill -9 $$;; esac\nexec '"
                        + BactrianService.pg17().resolve("pg_dump") + "' \"$@\"\n");
        assertThat(half.toFile().setExecutable(true)).isTrue();

        scene.assertFails("default", source, "dumping", "pg_dump failed with exit code 137", "try again");

        install(BactrianService.pg17());
        scene.assertSucceeds("default", source);
    }
}
