package dev.bactrian.testing.keys;

import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.encryption.Recipients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The keys in {@code src/test/resources/pgp}. */
public final class PgpKeys {

    public static final String PASSPHRASE_OF_BOB = "of the private key";

    private PgpKeys() {}

    /** The file of a public key. */
    public static Path publicKey(String name) {
        return file(name + ".public.asc");
    }

    /** The file of a private key. */
    public static Path privateKey(String name) {
        return file(name + ".private.asc");
    }

    public static Path file(String name) {
        return Path.of("src/test/resources/pgp", name).toAbsolutePath();
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Recipients recipients(String name) {
        return Recipients.of(bytes(publicKey(name)), Instant.now());
    }

    public static DecryptionKey opening(String name, String passphrase) {
        return DecryptionKey.of(bytes(privateKey(name)), passphrase);
    }
}
