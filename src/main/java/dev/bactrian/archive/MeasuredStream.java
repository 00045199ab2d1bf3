package dev.bactrian.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Counts and hashes what is read through it. */
public final class MeasuredStream extends FilterInputStream {

    private final MessageDigest sha256 = Sha256.begin();
    private long bytes;

    public MeasuredStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            synchronized (this) {
                sha256.update(buffer, offset, count);
                bytes += count;
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[(int) Math.max(0, Math.min(count, 1 << 16))]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** How many have been read. */
    public synchronized long bytes() {
        return bytes;
    }

    /** SHA-256 of all that has been read, lower-case hex; call it once, at the end. */
    public synchronized String sha256() {
        return Sha256.hex(sha256);
    }
}
