package dev.bactrian.archive.verify;

import dev.bactrian.archive.ReadLimits;
import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Keeps what was read last: a zip's directory is known for one only when it has been read. Its memory is that of the
 * directory; beyond {@link #MOST} nothing more is kept.
 */
final class TailStream extends BulkFilterStream {

    /** The zip's reader works this far ahead of what it has handed out, at the most. */
    private static final int AHEAD = 1 << 10;

    private static final int MOST = (int) Math.min(64 << 20, ReadLimits.HERE.manifestBytes());

    private byte[] kept = new byte[1 << 18];
    private int length;
    private long position;
    private boolean keeping;
    private boolean overflown;

    TailStream(InputStream in) {
        super(in);
    }

    /** From here on all is kept, and a little before. */
    void keep() {
        keeping = true;
    }

    /** It wasn't the directory. */
    void forget() {
        keeping = false;
    }

    /** What was kept. */
    byte[] bytes() {
        return Arrays.copyOf(kept, length);
    }

    /** Where in the archive {@link #bytes} begins. */
    long offset() {
        return position - length;
    }

    /** Whether there was more than could be kept. */
    boolean isOverflown() {
        return overflown;
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        int count = super.read(bytes, offset, wanted);
        if (count > 0) {
            position += count;
            append(bytes, offset, count);
        }
        return count;
    }

    private void append(byte[] bytes, int offset, int count) {
        if (!keeping && length + count > kept.length) {
            int rest = Math.min(length, AHEAD);
            System.arraycopy(kept, length - rest, kept, 0, rest);
            length = rest;
        }
        if (length + count > kept.length) {
            if (length + count > MOST) {
                overflown = true;
                return;
            }
            kept = Arrays.copyOf(kept, Math.min(MOST, 2 * (length + count)));
        }
        System.arraycopy(bytes, offset, kept, length, count);
        length += count;
    }
}
