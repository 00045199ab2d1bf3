package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.isal.InflatedStream;
import dev.bactrian.support.BulkFilterStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.io.input.BoundedInputStream;

/** An entry's content. Its end is reported only when its length and CRC are those of the directory. */
final class EntryStream extends BulkFilterStream {

    private static final int HEADER = 30;
    private static final int SIGNATURE = 0x04034b50;
    private static final int NAME_LENGTH_AT = 26;
    private static final int EXTRA_LENGTH_AT = 28;

    private final ArchiveReader.Place place;
    private final CRC32 crc = new CRC32();
    private long count;
    private boolean whole;

    private EntryStream(InputStream in, ArchiveReader.Place place) {
        super(in);
        this.place = place;
    }

    /**
     * Opens the entry that a range holds.
     *
     * @param range from the entry's local header on
     */
    static EntryStream open(InputStream range, ArchiveReader.Place place) throws IOException {
        try {
            skipHeader(range, place);
            InputStream data = BoundedInputStream.builder()
                    .setInputStream(range)
                    .setMaxCount(place.compressed())
                    .setPropagateClose(true)
                    .get();
            return new EntryStream(
                    place.method() == ZipEntry.STORED ? data : InflatedStream.open(data, place.compressed()), place);
        } catch (IOException e) {
            range.close();
            throw e;
        }
    }

    private static void skipHeader(InputStream range, ArchiveReader.Place place) throws IOException {
        byte[] header = range.readNBytes(HEADER);
        if (header.length < HEADER) {
            throw damaged(place, "its header is cut off");
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int nameLength = fields.getShort(NAME_LENGTH_AT) & 0xFFFF;
        int extraLength = fields.getShort(EXTRA_LENGTH_AT) & 0xFFFF;
        byte[] name = range.readNBytes(nameLength);
        if (fields.getInt(0) != SIGNATURE
                || !place.name().equals(new String(name, StandardCharsets.UTF_8))
                || HEADER + nameLength + extraLength + place.compressed() > place.end() - place.offset()) {
            throw damaged(place, "its header isn't where the directory says");
        }
        range.skipNBytes(extraLength);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (whole) {
            return -1;
        }
        int read;
        try {
            read = in.read(bytes, offset, length);
        } catch (ZipException | EOFException e) {
            throw new DamagedArchiveException("the entry " + place.name() + " can't be decompressed", e);
        }
        if (read < 0) {
            if (count != place.size() || crc.getValue() != place.crc()) {
                throw damaged(place, "its content isn't what was written (length or CRC-32 differ)");
            }
            whole = true;
            return -1;
        }
        crc.update(bytes, offset, read);
        count += read;
        if (count > place.size()) {
            throw damaged(place, "it is longer than the directory says");
        }
        return read;
    }

    private static DamagedArchiveException damaged(ArchiveReader.Place place, String what) {
        return new DamagedArchiveException("the entry " + place.name() + ": " + what);
    }
}
