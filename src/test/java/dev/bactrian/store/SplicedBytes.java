package dev.bactrian.store;

import dev.bactrian.archive.Spliced;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.support.BulkInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32;

/** A stream of bytes, and of ranges of an object that a store has already; says which of these were passed over. */
final class SplicedBytes extends BulkInputStream implements Spliced {

    private final String key;
    private final byte[] stored;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final Deque<Object> pieces = new ArrayDeque<>();
    private final List<StoredRange> passed = new ArrayList<>();
    private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);

    SplicedBytes(String key, byte[] stored) {
        this.key = key;
        this.stored = stored;
    }

    SplicedBytes bytes(byte[] bytes) {
        pieces.add(bytes);
        all.writeBytes(bytes);
        return this;
    }

    SplicedBytes range(int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(stored, offset, length);
        pieces.add(new StoredRange(key, offset, length, crc.getValue()));
        all.write(stored, offset, length);
        return this;
    }

    /** What comes of it. */
    byte[] content() {
        return all.toByteArray();
    }

    List<StoredRange> passed() {
        return passed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        while (current.available() == 0) {
            Object next = pieces.poll();
            if (next == null) {
                return -1;
            }
            current = next instanceof StoredRange range
                    ? new ByteArrayInputStream(stored, (int) range.offset(), (int) range.length())
                    : new ByteArrayInputStream((byte[]) next);
        }
        return current.read(bytes, offset, length);
    }

    @Override
    public StoredRange range() {
        return current.available() == 0 && pieces.peek() instanceof StoredRange range ? range : null;
    }

    @Override
    public void pass(StoredRange range) {
        if (pieces.peek() != range) {
            throw new IllegalStateException("another range comes next");
        }
        pieces.remove();
        passed.add(range);
    }
}
