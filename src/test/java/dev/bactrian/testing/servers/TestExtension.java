package dev.bactrian.testing.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Installs an extension of a test's own on a test server. */
public final class TestExtension {

    private TestExtension() {}

    /**
     * Makes an extension available, or another release of it.
     *
     * @param script what {@code CREATE EXTENSION} runs, with {@code @extschema@} for the schema
     */
    public static void install(PostgresServer server, String name, String script) {
        Path folder = Path.of(server.createDatabase()
                        .jdbc()
                        .queryForObject("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'", String.class))
                .resolve("extension");
        try {
            Files.writeString(
                    folder.resolve(name + ".control"),
                    "default_version = '1.0'\nrelocatable = false\nsuperuser = false\n");
            Files.writeString(folder.resolve(name + "--1.0.sql"), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
