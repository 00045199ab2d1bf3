package dev.bactrian.archive.write;

import dev.bactrian.archive.StoredBytes;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** What the store has of a range: its end is only reported when these are the bytes that were stored. */
final class FetchedRange extends BulkFilterStream {

    private final StoredRange range;
    private final CRC32 crc = new CRC32();
    private long count;

    FetchedRange(InputStream in, StoredRange range) {
        super(in);
        this.range = range;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        long left = range.length() - count;
        int read = left == 0 ? -1 : super.read(bytes, offset, (int) Math.min(length, left));
        if (read > 0) {
            crc.update(bytes, offset, read);
            count += read;
        } else if (left > 0 || crc.getValue() != range.crc32()) {
            throw StoredBytes.changed(range);
        }
        return read;
    }
}
