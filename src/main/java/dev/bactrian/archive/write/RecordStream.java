package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.write.ZipStream.Facts;
import dev.bactrian.support.BulkOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/** What the zip's library writes, entry by entry: counts it, and can swallow what the store has already. Not for two threads at once. */
final class RecordStream extends BulkOutputStream {

    private final OutputStream out;
    private final CRC32 crc = new CRC32();
    private long position;
    private long begun;
    private boolean swallows;

    RecordStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!swallows) {
            crc.update(bytes, offset, length);
            out.write(bytes, offset, length);
        }
        position += length;
    }

    /** An entry begins here. */
    void begin() {
        crc.reset();
        begun = position;
    }

    /** It ended here. */
    EntryPlace end(Facts facts) {
        return new EntryPlace(begun, position - begun, crc.getValue(), facts.compressedSize(), facts.crc());
    }

    /** From now on bytes are counted, and go nowhere. */
    void swallow() {
        begin();
        swallows = true;
    }

    /** Ends that; how many there were. */
    long swallowed() {
        swallows = false;
        return position - begun;
    }

    /** Offset of the next byte. */
    long position() {
        return position;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
