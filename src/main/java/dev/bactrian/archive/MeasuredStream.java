package dev.bactrian.archive;

import dev.bactrian.support.BulkFilterStream;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Counts and hashes what is read through it. */
public class MeasuredStream extends BulkFilterStream {

    private final MessageDigest sha256 = Sha256.begin();
    private long bytes;
    private boolean atEnd;
    private @Nullable String hash;

    public MeasuredStream(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            synchronized (this) {
                sha256.update(buffer, offset, count);
                bytes += count;
            }
        } else if (count < 0) {
            synchronized (this) {
                atEnd = true;
            }
        }
        return count;
    }

    /** Counts some that don't come by. */
    protected final synchronized void count(long more) {
        bytes += more;
    }

    /** How many have been read. */
    public final synchronized long bytes() {
        return bytes;
    }

    /** Whether it was read to its end. */
    public final synchronized boolean isAtEnd() {
        return atEnd;
    }

    /** SHA-256 of all that has been read, lower-case hex; nothing is read after it. */
    public synchronized String sha256() {
        if (hash == null) {
            hash = Sha256.hex(sha256);
        }
        return hash;
    }
}
