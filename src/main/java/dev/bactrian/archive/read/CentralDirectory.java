package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryCount;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.support.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory at a zip's end (PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16), entry by entry: of one that somebody else has made, no more
 * is held than the limit of entries allows, whatever it says of itself.
 */
final class CentralDirectory {

    /** The directory of some 500 tables fits in what is fetched first. */
    private static final int TAIL = 1 << 17;

    private static final int BUFFER = 1 << 16;
    private static final int ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int ENTRY_SIZE = 46;
    private static final int END_SIZE = 22;
    private static final int END_64_SIZE = 56;
    private static final int LOCATOR_64_SIZE = 20;
    private static final long IN_EXTRA = 0xFFFFFFFFL;
    private static final long IN_EXTRA_16 = 0xFFFF;
    private static final int EXTRA_64 = 1;
    private static final String UNREADABLE = "its directory can't be read";

    private final ArchiveSource source;
    private final long offset;
    private final long end;
    private final InputStream in;
    private long position;

    private CentralDirectory(ArchiveSource source, long offset, long end, InputStream in) {
        this.source = source;
        this.offset = offset;
        this.end = end;
        this.in = in;
    }

    /**
     * All entries, in the order in which they lie in the archive.
     *
     * @throws DamagedArchiveException when it isn't as Bactrian writes it, or has more entries than are read
     * @throws IOException when the archive can't be read
     */
    static List<ArchiveReader.Place> read(ArchiveSource source, ReadLimits limits) throws IOException {
        long tailStart = Math.max(0, source.size() - TAIL);
        ByteBuffer tail = ByteBuffer.wrap(fetch(source, tailStart)).order(ByteOrder.LITTLE_ENDIAN);
        int at = tail.capacity() - END_SIZE;
        // A comment would lie behind.
        require(at >= 0 && tail.getInt(at) == END && tail.getShort(at + 20) == 0);
        long count = tail.getShort(at + 10) & IN_EXTRA_16;
        long size = tail.getInt(at + 12) & IN_EXTRA;
        long offset = tail.getInt(at + 16) & IN_EXTRA;
        int locator = at - LOCATOR_64_SIZE;
        if (locator >= END_64_SIZE && tail.getInt(locator) == LOCATOR_64) {
            at = locator - END_64_SIZE;
            require(tail.getLong(locator + 8) == tailStart + at && tail.getInt(at) == END_64);
            count = same(count, IN_EXTRA_16, tail.getLong(at + 32));
            size = same(size, IN_EXTRA, tail.getLong(at + 40));
            offset = same(offset, IN_EXTRA, tail.getLong(at + 48));
        }
        long end = tailStart + at;
        require(size >= 0 && offset >= 0 && offset <= end && size == end - offset);
        try (InputStream in = offset >= tailStart
                ? new ByteArrayInputStream(tail.array(), (int) (offset - tailStart), (int) size)
                : new BufferedInputStream(new ResumingStream(source, offset, size), BUFFER)) {
            List<ArchiveReader.Place> places = new CentralDirectory(source, offset, end, in).entries(limits);
            require(places.size() == count);
            return places;
        }
    }

    private static byte[] fetch(ArchiveSource source, long from) throws IOException {
        int length = (int) (source.size() - from);
        require(length > 0);
        try (InputStream in = source.read(from, length)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(source.name() + " ends at byte " + (from + bytes.length)
                        + ", before its size of " + source.size());
            }
            return bytes;
        }
    }

    /** The larger of two values for one thing; the smaller one, where it isn't marked as being elsewhere, is equal. */
    private static long same(long small, long marker, long large) throws DamagedArchiveException {
        require(small == marker || small == large);
        return large;
    }

    private List<ArchiveReader.Place> entries(ReadLimits limits) throws IOException {
        List<ArchiveReader.Place> places = new ArrayList<>();
        EntryCount count = limits.count();
        position = offset;
        Entry last = null;
        while (position < end) {
            Entry next = next();
            count.add(next.name());
            if (last != null) {
                if (next.offset() <= last.offset()) {
                    throw new DamagedArchiveException(
                            "its directory has " + Printable.line(next.name()) + " twice or out of order");
                }
                places.add(last.until(next.offset()));
            }
            last = next;
        }
        if (last != null) {
            places.add(last.until(offset));
        }
        return places;
    }

    private Entry next() throws IOException {
        ByteBuffer fixed = bytes(ENTRY_SIZE);
        // Nor has an entry a comment.
        require(fixed.getInt(0) == ENTRY && fixed.getShort(32) == 0);
        String name = new String(bytes(fixed.getShort(28) & 0xFFFF).array(), StandardCharsets.UTF_8);
        Extra64 extra = new Extra64(bytes(fixed.getShort(30) & 0xFFFF));
        long size = extra.value(fixed.getInt(24));
        long compressed = extra.value(fixed.getInt(20));
        long start = extra.value(fixed.getInt(42));
        return new Entry(name, start, fixed.getShort(10) & 0xFFFF, compressed, size, fixed.getInt(16) & IN_EXTRA);
    }

    private ByteBuffer bytes(int length) throws IOException {
        require(length <= end - position);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(source.name() + " ends before its size of " + source.size());
        }
        position += length;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void require(boolean condition) throws DamagedArchiveException {
        if (!condition) {
            throw new DamagedArchiveException(UNREADABLE);
        }
    }

    private record Entry(String name, long offset, int method, long compressed, long size, long crc) {
        ArchiveReader.Place until(long next) {
            return new ArchiveReader.Place(name, offset, next, method, compressed, size, crc);
        }
    }

    /** Values that don't fit into 32 bits, in the order they are asked for. */
    private static final class Extra64 {
        private final ByteBuffer bytes;
        private int at;

        Extra64(ByteBuffer bytes) {
            this.bytes = bytes;
            int field = 0;
            while (field + 4 <= bytes.capacity() && bytes.getShort(field) != EXTRA_64) {
                field += 4 + (bytes.getShort(field + 2) & 0xFFFF);
            }
            at = field + 4;
        }

        long value(int short32) throws DamagedArchiveException {
            if ((short32 & IN_EXTRA) != IN_EXTRA) {
                return short32 & IN_EXTRA;
            }
            at += Long.BYTES;
            require(at <= bytes.capacity());
            return bytes.getLong(at - Long.BYTES);
        }
    }
}
