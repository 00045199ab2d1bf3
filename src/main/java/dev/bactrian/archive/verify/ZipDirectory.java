package dev.bactrian.archive.verify;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * The directory at a zip's end (PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16): what a restore goes by, while reading from the
 * front goes by the headers before each entry.
 */
final class ZipDirectory {

    private static final int ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_SIZE = 22;
    private static final int END_64_SIZE = 56;
    private static final int LOCATOR_64_SIZE = 20;
    private static final long IN_EXTRA = 0xFFFFFFFFL;
    private static final long IN_EXTRA_16 = 0xFFFF;
    private static final int EXTRA_64 = 1;

    /**
     * What the directory, or an entry itself, tells of an entry.
     *
     * @param offset of the entry's header in the zip
     */
    record Place(String name, int method, long crc, long compressed, long size, long offset) {}

    private final ByteBuffer bytes;
    private final long start;

    private ZipDirectory(byte[] tail, long start) {
        this.bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        this.start = start;
    }

    /**
     * Reads the directory.
     *
     * @param tail the zip's end
     * @param start where in the zip it begins
     */
    static List<Place> parse(byte[] tail, long start) throws ZipException {
        try {
            return new ZipDirectory(tail, start).all();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new ZipException("the zip's directory is cut off or damaged");
        }
    }

    private List<Place> all() throws ZipException {
        int end = bytes.capacity() - END_SIZE;
        require(end >= 0 && bytes.getInt(end) == END, "the zip has no end");
        require(bytes.getShort(end + 20) == 0, "the zip has a comment");
        long count = bytes.getShort(end + 10) & IN_EXTRA_16;
        long size = bytes.getInt(end + 12) & IN_EXTRA;
        long offset = bytes.getInt(end + 16) & IN_EXTRA;
        require(bytes.getInt(end + 4) == 0 && bytes.getShort(end + 8) == (short) count, "the zip is one of several");
        int locator = end - LOCATOR_64_SIZE;
        if (locator >= 0 && bytes.getInt(locator) == LOCATOR_64) {
            end = Math.toIntExact(bytes.getLong(locator + 8) - start);
            require(bytes.getInt(end) == END_64 && end + END_64_SIZE == locator, "the zip's 64-bit end is damaged");
            count = same(count, IN_EXTRA_16, bytes.getLong(end + 32));
            size = same(size, IN_EXTRA, bytes.getLong(end + 40));
            offset = same(offset, IN_EXTRA, bytes.getLong(end + 48));
        }
        bytes.position(Math.toIntExact(offset - start));
        require(bytes.position() + size == end, "the zip's directory isn't where its end says");
        List<Place> places = new ArrayList<>();
        while (bytes.position() < end) {
            places.add(next());
        }
        require(bytes.position() == end && places.size() == count, "the zip's directory has another length");
        return places;
    }

    /** The larger of two values for one thing; the smaller one, where it isn't marked as being elsewhere, is equal. */
    private static long same(long small, long marker, long large) throws ZipException {
        require(small == marker || small == large, "the zip has two ends that differ");
        return large;
    }

    private Place next() throws ZipException {
        int at = bytes.position();
        require(bytes.getInt(at) == ENTRY, "the zip's directory is damaged");
        int nameLength = bytes.getShort(at + 28) & 0xFFFF;
        int extraLength = bytes.getShort(at + 30) & 0xFFFF;
        require(bytes.getShort(at + 32) == 0, "an entry of the zip has a comment");
        byte[] name = new byte[nameLength];
        bytes.position(at + 46);
        bytes.get(name);
        int extra = bytes.position();
        Extra64 big = new Extra64(extra, extra + extraLength);
        long size = big.value(bytes.getInt(at + 24));
        long compressed = big.value(bytes.getInt(at + 20));
        long offset = big.value(bytes.getInt(at + 42));
        bytes.position(extra + extraLength);
        return new Place(
                new String(name, StandardCharsets.UTF_8),
                bytes.getShort(at + 10) & 0xFFFF,
                bytes.getInt(at + 16) & IN_EXTRA,
                compressed,
                size,
                offset);
    }

    /** Values that don't fit into 32 bits, in the order they are asked for. */
    private final class Extra64 {
        private int at;

        Extra64(int from, int to) {
            int field = from;
            while (field + 4 <= to && bytes.getShort(field) != EXTRA_64) {
                field += 4 + (bytes.getShort(field + 2) & 0xFFFF);
            }
            at = field + 4;
        }

        long value(int short32) {
            if ((short32 & IN_EXTRA) != IN_EXTRA) {
                return short32 & IN_EXTRA;
            }
            at += Long.BYTES;
            return bytes.getLong(at - Long.BYTES);
        }
    }

    private static void require(boolean condition, String otherwise) throws ZipException {
        if (!condition) {
            throw new ZipException(otherwise);
        }
    }
}
