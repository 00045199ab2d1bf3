package dev.bactrian.archive;

import dev.bactrian.support.BulkFilterStream;
import dev.bactrian.support.Crc32;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Counts and hashes what is read through it. What is passed over is counted, and has no hash: there is none of all then. */
public class MeasuredStream extends BulkFilterStream implements Spliced {

    private final MessageDigest sha256 = Sha256.begin();
    private final CRC32 crc = new CRC32();
    /** Of all that came before what {@link #crc} has. */
    private long earlier;

    private long sinceThen;
    private long bytes;
    private boolean atEnd;
    private @Nullable String hash;
    private boolean passed;

    public MeasuredStream(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            synchronized (this) {
                sha256.update(buffer, offset, count);
                crc.update(buffer, offset, count);
                sinceThen += count;
                bytes += count;
            }
        } else if (count < 0) {
            synchronized (this) {
                atEnd = true;
            }
        }
        return count;
    }

    @Override
    public @Nullable StoredRange range() throws IOException {
        return in instanceof Spliced spliced ? spliced.range() : null;
    }

    @Override
    public void pass(StoredRange range) throws IOException {
        ((Spliced) in).pass(range);
        synchronized (this) {
            passed = true;
            earlier = Crc32.combine(crc32Value(), range.crc32(), range.length());
            crc.reset();
            sinceThen = 0;
            bytes += range.length();
        }
    }

    /** Whether some of it was passed over, so that its SHA-256 isn't known. */
    public final synchronized boolean isPassedOver() {
        return passed;
    }

    /** CRC-32 of all that has been read or passed over, in 8 lower-case hex digits. */
    public final synchronized String crc32() {
        return HexFormat.of().toHexDigits((int) crc32Value());
    }

    private long crc32Value() {
        return Crc32.combine(earlier, crc.getValue(), sinceThen);
    }

    /** How many have been read. */
    public final synchronized long bytes() {
        return bytes;
    }

    /** Whether it was read to its end. */
    public final synchronized boolean isAtEnd() {
        return atEnd;
    }

    /**
     * SHA-256 of all that has been read, lower-case hex; nothing is read after it.
     *
     * @throws IllegalStateException when some of it was passed over
     */
    public final synchronized String sha256() {
        if (passed) {
            throw new IllegalStateException("Not all of it was read");
        }
        if (hash == null) {
            hash = Sha256.hex(sha256);
        }
        return hash;
    }
}
