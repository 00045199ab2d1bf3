package dev.bactrian.archive.read;

import dev.bactrian.support.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A part of an archive; when the connection breaks, it is asked for again from where it broke. */
public final class ResumingStream extends BulkInputStream {

    private static final int MOST_BREAKS = 5;

    /** Whoever opens the source was patient already when it took so long to fail. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final ArchiveSource source;
    private final long end;
    private long position;
    private int breaks;
    private @Nullable InputStream in;

    /**
     * Prepares to read a part; nothing is asked for yet.
     *
     * @param from offset of the first byte
     * @param length bytes
     */
    public ResumingStream(ArchiveSource source, long from, long length) {
        this.source = source;
        this.position = from;
        this.end = from + length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == end) {
            return -1;
        }
        while (true) {
            long begun = System.nanoTime();
            try {
                InputStream open = in;
                if (open == null) {
                    open = source.read(position, end - position);
                    in = open;
                }
                int count = open.read(bytes, offset, (int) Math.min(length, end - position));
                if (count < 0) {
                    throw new IOException(source.name() + " ended at byte " + position + ", before " + end);
                }
                position += count;
                return count;
            } catch (IOException e) {
                close();
                boolean patient = System.nanoTime() - begun > PATIENT.toNanos();
                if (++breaks > MOST_BREAKS || patient) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        InputStream open = in;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
