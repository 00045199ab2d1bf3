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
 * The directory at a zip's end (PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16), entry by entry: of an archive from outside, no more
 * is held than the limit of entries allows, whatever it says of itself. A restore goes by it, while reading from the front goes by
 * the headers before each entry.
 */
public final class CentralDirectory {

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

    private final End end;
    private final InputStream in;
    private long position;

    private CentralDirectory(End end, InputStream in) {
        this.end = end;
        this.in = in;
        this.position = end.offset();
    }

    /**
     * What the directory, or an entry itself, tells of an entry.
     *
     * @param offset of the entry's header in the zip
     * @param compressed bytes of its data in the zip
     * @param size bytes of its content
     */
    public record Entry(String name, long offset, int method, long compressed, long size, long crc) {}

    /** Takes one entry, and where the next one begins, or the directory. */
    @FunctionalInterface
    private interface Sink {
        void add(Entry entry, long next);
    }

    /**
     * All entries, in the order in which they lie in the archive.
     *
     * @throws DamagedArchiveException when it isn't as Bactrian writes it, or has more entries than are read
     * @throws IOException when the archive can't be read
     */
    static List<ArchiveReader.Place> read(ArchiveSource source, ReadLimits limits) throws IOException {
        long start = Math.max(0, source.size() - TAIL);
        byte[] tail = fetch(source, start);
        End end = End.of(tail, start);
        List<ArchiveReader.Place> places = new ArrayList<>();
        try (InputStream in = end.offset() >= start
                ? within(tail, start, end)
                : new BufferedInputStream(new ResumingStream(source, end.offset(), end.size()), BUFFER)) {
            new CentralDirectory(end, in)
                    .read(
                            limits,
                            (entry, next) -> places.add(new ArchiveReader.Place(
                                    entry.name(),
                                    entry.offset(),
                                    next,
                                    entry.method(),
                                    entry.compressed(),
                                    entry.size(),
                                    entry.crc())));
        }
        return places;
    }

    /**
     * The same of a zip whose end is in memory.
     *
     * @param tail the directory and what follows it, and maybe some bytes before
     * @param start where in the zip it begins
     */
    public static List<Entry> parse(byte[] tail, long start) throws IOException {
        End end = End.of(tail, start);
        require(end.offset() >= start, "begins before the end of the last entry");
        List<Entry> entries = new ArrayList<>();
        new CentralDirectory(end, within(tail, start, end)).read(ReadLimits.HERE, (entry, next) -> entries.add(entry));
        return entries;
    }

    private static InputStream within(byte[] tail, long start, End end) {
        return new ByteArrayInputStream(tail, (int) (end.offset() - start), (int) end.size());
    }

    /**
     * What the zip's end says of the directory.
     *
     * @param position in the zip, at which the directory has ended
     */
    private record End(long count, long offset, long position) {

        static End of(byte[] bytes, long start) throws DamagedArchiveException {
            ByteBuffer tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int at = tail.capacity() - END_SIZE;
            // A comment would lie behind.
            require(at >= 0 && tail.getInt(at) == END && tail.getShort(at + 20) == 0, "isn't at the archive's end");
            long count = tail.getShort(at + 10) & IN_EXTRA_16;
            long size = tail.getInt(at + 12) & IN_EXTRA;
            long offset = tail.getInt(at + 16) & IN_EXTRA;
            require(tail.getInt(at + 4) == 0 && tail.getShort(at + 8) == (short) count, "is one of several");
            int locator = at - LOCATOR_64_SIZE;
            if (locator >= END_64_SIZE && tail.getInt(locator) == LOCATOR_64) {
                at = locator - END_64_SIZE;
                require(
                        tail.getLong(locator + 8) == start + at && tail.getInt(at) == END_64,
                        "has a damaged 64-bit end");
                count = same(count, IN_EXTRA_16, tail.getLong(at + 32));
                size = same(size, IN_EXTRA, tail.getLong(at + 40));
                offset = same(offset, IN_EXTRA, tail.getLong(at + 48));
            }
            long end = start + at;
            require(
                    size >= 0 && offset >= 0 && offset <= end && size == end - offset,
                    "isn't where the end of the archive says");
            return new End(count, offset, end);
        }

        long size() {
            return position - offset;
        }
    }

    private static byte[] fetch(ArchiveSource source, long from) throws IOException {
        int length = (int) (source.size() - from);
        require(length > 0, "isn't there");
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
        require(small == marker || small == large, "has two ends that differ");
        return large;
    }

    private void read(ReadLimits limits, Sink sink) throws IOException {
        EntryCount limited = limits.count();
        long count = 0;
        Entry last = null;
        while (position < end.position()) {
            Entry next = next();
            limited.add(next.name());
            count++;
            if (last != null) {
                if (next.offset() <= last.offset()) {
                    throw new DamagedArchiveException(
                            "its directory has " + Printable.line(next.name()) + " twice or out of order");
                }
                sink.add(last, next.offset());
            }
            last = next;
        }
        if (last != null) {
            sink.add(last, end.offset());
        }
        require(count == end.count(), "has a different length than the end of the archive says");
    }

    private Entry next() throws IOException {
        ByteBuffer fixed = bytes(ENTRY_SIZE);
        // Nor has an entry a comment.
        require(
                fixed.getInt(0) == ENTRY && fixed.getShort(32) == 0,
                "has something other than entries as Bactrian writes them");
        String name = new String(bytes(fixed.getShort(28) & 0xFFFF).array(), StandardCharsets.UTF_8);
        Extra64 extra = new Extra64(bytes(fixed.getShort(30) & 0xFFFF));
        long size = extra.value(fixed.getInt(24));
        long compressed = extra.value(fixed.getInt(20));
        long start = extra.value(fixed.getInt(42));
        return new Entry(name, start, fixed.getShort(10) & 0xFFFF, compressed, size, fixed.getInt(16) & IN_EXTRA);
    }

    private ByteBuffer bytes(int length) throws IOException {
        require(length <= end.position() - position, "is cut off");
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The archive ends at byte " + (position + bytes.length) + ", within its directory");
        }
        position += length;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void require(boolean condition, String otherwise) throws DamagedArchiveException {
        if (!condition) {
            throw new DamagedArchiveException("its directory can't be read: it " + otherwise);
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
            require(at <= bytes.capacity(), "has an entry without its 64-bit values");
            return bytes.getLong(at - Long.BYTES);
        }
    }
}
