package dev.bactrian.archive.verify;

import dev.bactrian.encryption.DecryptionKey;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An encrypted archive, decrypted while it is read. */
final class DecryptedInput {

    private static final int BUFFER = 1 << 16;

    private DecryptedInput() {}

    /** What isn't a message at all is damage like any other: it shows when the zip is read. */
    static InputStream of(InputStream encrypted, DecryptionKey decryptionKey) {
        try {
            return new BufferedInputStream(decryptionKey.open(encrypted), BUFFER);
        } catch (IOException e) {
            return new FilterInputStream(InputStream.nullInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    throw e;
                }
            };
        }
    }
}
