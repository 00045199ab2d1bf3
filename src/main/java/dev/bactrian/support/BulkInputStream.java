package dev.bactrian.support;

import java.io.IOException;
import java.io.InputStream;

/**
 * A source all of whose bytes come through {@link #read(byte[], int, int)}: single ones, too, and those that are skipped.
 * There is no mark.
 */
public abstract class BulkInputStream extends InputStream {

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
