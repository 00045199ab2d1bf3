package dev.bactrian.testing.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Extensions that a test server offers: a script of the tests, which stands for one that can't be installed everywhere. */
public final class ExtensionFiles {

    private ExtensionFiles() {}

    /** Puts one among those that a database's server has, and all of its version's that tests have started. */
    public static void install(TestDatabase database, String name, String script) {
        Path folder = Path.of(database.jdbc()
                        .queryForObject("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'", String.class))
                .resolve("extension");
        put(folder.resolve(name + "--1.0.sql"), script);
        put(
                folder.resolve(name + ".control"),
                "default_version = '1.0'\nrelocatable = false\nsuperuser = true\ntrusted = true\n");
    }

    /** A test resource. */
    public static String script(String resource) {
        try (InputStream in = Objects.requireNonNull(ExtensionFiles.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Several tests' servers share the folder: a file is there as a whole, or not at all. */
    private static void put(Path file, String text) {
        try {
            Path other = Files.createTempFile(file.getParent(), "new", ".part");
            Files.writeString(other, text);
            other.toFile().setReadable(true, false);
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
