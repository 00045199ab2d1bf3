package dev.bactrian.testing.supabase;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/** The bytes of a file on a {@link StorageServer}: held, or made up as they are asked for. */
public interface StorageContent {

    long size();

    /** From an offset to the end. */
    InputStream from(long offset);

    static StorageContent of(byte[] bytes) {
        return new StorageContent() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream from(long offset) {
                return new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, bytes.length));
            }
        };
    }

    /** Of any size, without memory; what is at an offset is always the same. */
    static StorageContent generated(long size) {
        return new StorageContent() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream from(long offset) {
                return new GeneratedStream(offset, size);
            }
        };
    }

    /** Bytes that follow from where they are. */
    final class GeneratedStream extends InputStream {
        private static final int PERIOD = 1 << 16;
        private static final byte[] PATTERN = new byte[PERIOD * 2];

        static {
            new java.util.Random(4711).nextBytes(PATTERN);
            System.arraycopy(PATTERN, 0, PATTERN, PERIOD, PERIOD);
        }

        private final long size;
        private long position;

        GeneratedStream(long position, long size) {
            this.position = position;
            this.size = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (position >= size) {
                return -1;
            }
            int count = (int) Math.min(Math.min(length, PERIOD), size - position);
            System.arraycopy(PATTERN, (int) (position % PERIOD), bytes, offset, count);
            position += count;
            return count;
        }
    }
}
