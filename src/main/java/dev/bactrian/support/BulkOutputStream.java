package dev.bactrian.support;

import java.io.IOException;
import java.io.OutputStream;

/** A sink all of whose bytes come through {@link #write(byte[], int, int)}, single ones, too. */
public abstract class BulkOutputStream extends OutputStream {

    @Override
    public final void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public abstract void write(byte[] bytes, int offset, int length) throws IOException;
}
