package dev.bactrian.support;

import java.io.IOException;
import java.io.InputStream;

/** A {@link BulkInputStream} over another stream: what overrides {@link #read(byte[], int, int)} sees every byte. */
public abstract class BulkFilterStream extends BulkInputStream {

    protected final InputStream in;

    protected BulkFilterStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return in.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
