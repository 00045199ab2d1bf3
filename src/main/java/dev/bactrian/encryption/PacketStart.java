package dev.bactrian.encryption;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The beginning of an OpenPGP message, which the library reads into memory, and which anybody can write: session keys, markers,
 * signatures, an armour's headers. It must {@link #ended end} within a limit.
 */
final class PacketStart extends FilterInputStream {

    /** Room for the session keys of a thousand readers. */
    static final int LONGEST = 1 << 20;

    private long left = LONGEST;

    PacketStart(InputStream in) {
        super(in);
    }

    /** From here on there is no limit. */
    void ended() {
        left = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, (int) Math.min(length, Math.max(left, 1)));
        count(Math.max(read, 0));
        return read;
    }

    private void count(int bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("it has too many OpenPGP packets before the file begins");
        }
    }
}
