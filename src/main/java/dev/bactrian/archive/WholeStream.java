package dev.bactrian.archive;

import dev.bactrian.support.Crc32;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Measures an archive as a whole, by its CRC-32, too. What is passed over counts in both, and has no SHA-256: there is none of all
 * then.
 */
public final class WholeStream extends MeasuredStream implements Spliced {

    private final CRC32 crc = new CRC32();
    /** Of all that came before what {@link #crc} has. */
    private long earlier;

    private long sinceThen;
    private boolean passed;

    public WholeStream(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            synchronized (this) {
                crc.update(buffer, offset, count);
                sinceThen += count;
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
            count(range.length());
        }
    }

    /** Whether some of it was passed over, so that its SHA-256 isn't known. */
    public synchronized boolean isPassedOver() {
        return passed;
    }

    /** CRC-32 of all that has been read or passed over, in 8 lower-case hex digits. */
    public synchronized String crc32() {
        return HexFormat.of().toHexDigits((int) crc32Value());
    }

    private long crc32Value() {
        return Crc32.combine(earlier, crc.getValue(), sinceThen);
    }

    /**
     * As of any stream.
     *
     * @throws IllegalStateException when some of it was passed over
     */
    @Override
    public synchronized String sha256() {
        if (passed) {
            throw new IllegalStateException("Not all of it was read");
        }
        return super.sha256();
    }
}
