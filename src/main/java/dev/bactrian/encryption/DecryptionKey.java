package dev.bactrian.encryption;

import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Private keys that open archives. A key that has expired or was revoked meanwhile still opens what was encrypted for it.
 * Neither keys nor passphrase are ever shown. It doesn't name Bouncy Castle's types: with its first class, Java checks the
 * signature of the jar, which takes a tenth of a second, and most commands need none of them.
 */
public final class DecryptionKey {

    private final SecretKeys keys;

    private DecryptionKey(SecretKeys keys) {
        this.keys = keys;
    }

    /**
     * Reads private keys, armoured or binary.
     *
     * @param passphrase null for keys without one
     * @throws IllegalArgumentException when there is none; its message goes on after the setting's name
     */
    public static DecryptionKey of(byte[] file, @Nullable String passphrase) {
        return new DecryptionKey(SecretKeys.of(file, passphrase));
    }

    /**
     * Begins to decrypt a message.
     *
     * @throws ProblemException when this key doesn't open it
     * @throws IOException when the message can't be read, or isn't one
     */
    public InputStream open(InputStream message) throws IOException {
        return DecryptedMessage.open(message, keys);
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
