package dev.bactrian.archive.isal;

import dev.bactrian.support.BulkInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * What a raw deflate stream (RFC 1951) holds, as {@link InflaterInputStream} reads it: {@link ZipException} where it can't be
 * decompressed, {@link EOFException} where it is cut off. By ISA-L where this machine has it.
 */
public final class InflatedStream extends BulkInputStream {

    private static final int BUFFER = 1 << 16;
    /** Bytes from which on ISA-L saves more than its start costs. */
    private static final long WORTHWHILE = 1 << 14;

    private final InputStream in;
    /** Held while it reads: what another thread closes meanwhile isn't another stream's yet. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile @Nullable IsalInflater inflater;

    private InflatedStream(InputStream in, IsalInflater inflater) {
        this.in = in;
        this.inflater = inflater;
    }

    /**
     * Opens one.
     *
     * @param in the stream, which ends where it ends; closed with this one
     * @param length its bytes, as far as known
     */
    public static InputStream open(InputStream in, long length) {
        return length < WORTHWHILE
                ? byZlib(in)
                : IsalInflater.take()
                        .<InputStream>map(isal -> new InflatedStream(in, isal))
                        .orElseGet(() -> byZlib(in));
    }

    private static InputStream byZlib(InputStream in) {
        Inflater inflater = new Inflater(true);
        return new InflaterInputStream(in, inflater, BUFFER) {
            @Override
            public void close() throws IOException {
                try {
                    super.close();
                } finally {
                    inflater.end();
                }
            }
        };
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        reading.lock();
        try {
            IsalInflater open = inflater;
            if (open == null) {
                throw new IOException("The stream is closed");
            }
            return length == 0 ? 0 : open.read(in, bytes, offset, length);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        if (reading.tryLock()) {
            try {
                IsalInflater open = inflater;
                if (open != null) {
                    open.giveBack();
                }
            } finally {
                inflater = null;
                reading.unlock();
            }
        }
        inflater = null;
        in.close();
    }
}
