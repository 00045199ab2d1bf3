package dev.bactrian.archive.write;

import dev.bactrian.support.BulkOutputStream;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One entry of the archive while it is written. For one thread; must be closed, or the archive stays open. */
public final class ArchiveEntryWriter extends BulkOutputStream {

    /** What an ended entry without any bytes holds on to. */
    private static final int OVERHEAD = 1 << 11;

    private final Archive archive;
    private final String name;
    private final CRC32 crc = new CRC32();
    private final MessageDigest sha256 = Sha256.begin();
    private final Compression compression;
    private final Compressor compressor;
    private @Nullable PendingEntry waiting = new PendingEntry();
    private @Nullable OutputStream straight;
    private long compressedBytes;
    private final OutputStream compressed = new Compressed();
    private long reserved;
    private long held;
    private long bytes;
    private @Nullable String hash;

    ArchiveEntryWriter(Archive archive, String name, Compression compression) {
        this.archive = archive;
        this.name = name;
        this.compression = compression;
        this.compressor = compression.take();
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        crc.update(data, offset, length);
        sha256.update(data, offset, length);
        bytes += length;
        compressor.write(data, offset, length, compressed);
        PendingEntry pending = waiting;
        if (pending != null) {
            makeRoom(pending);
        }
    }

    private void makeRoom(PendingEntry pending) throws IOException {
        if (pending.inMemory()) {
            if (pending.size() < PendingEntry.MEMORY) {
                return;
            }
            if (archive.takeStraight()) {
                goStraight(pending);
                return;
            }
            archive.files.take(pending);
        }
        long needed = pending.size() - reserved;
        if (needed > 0) {
            if (archive.waitForRoom(needed)) {
                reserved += needed;
            } else {
                goStraight(pending);
            }
        }
    }

    /** The zip is this worker's now: what has waited goes first, and the rest follows without waiting. */
    private void goStraight(PendingEntry pending) throws IOException {
        OutputStream target = archive.beginStraight(name);
        pending.finish();
        try (pending;
                InputStream in = pending.content()) {
            in.transferTo(target);
        } finally {
            archive.files.forget(pending);
        }
        straight = target;
        waiting = null;
        freeRoom();
    }

    /** Nothing of it waits any more. */
    void freeRoom() {
        archive.spool.free(reserved);
        archive.memory.free(held);
        reserved = 0;
        held = 0;
    }

    /**
     * Takes the entry back, as if it had never begun, and allows another of its name.
     *
     * @return false when that is too late, because the zip holds a part of it already
     */
    public boolean discard() throws IOException {
        PendingEntry pending = waiting;
        if (hash != null || pending == null) {
            return false;
        }
        hash = Sha256.hex(sha256);
        compressor.finish(OutputStream.nullOutputStream());
        compression.giveBack(compressor);
        pending.close();
        archive.files.forget(pending);
        freeRoom();
        archive.discarded(name);
        return true;
    }

    /** Ends the entry. */
    @Override
    public void close() throws IOException {
        if (hash != null) {
            return;
        }
        hash = Sha256.hex(sha256);
        compressor.finish(compressed);
        compression.giveBack(compressor);
        PendingEntry pending = waiting;
        if (pending != null) {
            pending.finish();
            if (pending.inMemory()) {
                placeEnded(pending);
            }
        }
        if (waiting == null) {
            archive.endStraight(this);
        } else {
            archive.append(this);
        }
        archive.written.add(name, hash);
    }

    /** An ended entry stays in memory where there is room; else it goes into a file, or straight into the zip. */
    private void placeEnded(PendingEntry pending) throws IOException {
        long size = pending.size() + OVERHEAD;
        if (archive.memory.tryTake(size)) {
            held = size;
        } else if (archive.waitForRoom(pending.size())) {
            reserved = pending.size();
            archive.files.take(pending);
            pending.finish();
        } else {
            goStraight(pending);
        }
    }

    /** SHA-256 of the entry's content, lower-case hex; after {@link #close}. */
    public String sha256() {
        if (hash == null) {
            throw new IllegalStateException("The entry is still open");
        }
        return hash;
    }

    /** Bytes of the entry's content. */
    public long bytes() {
        return bytes;
    }

    public String name() {
        return name;
    }

    ZipStream.Facts facts() {
        return new ZipStream.Facts(crc.getValue(), bytes, compressedBytes);
    }

    PendingEntry waiting() {
        if (waiting == null) {
            throw new IllegalStateException("The entry went straight into the zip");
        }
        return waiting;
    }

    /** Where compressed bytes go: first they wait, later perhaps straight into the zip. */
    private final class Compressed extends BulkOutputStream {
        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            OutputStream target = straight == null ? waiting() : straight;
            target.write(data, offset, length);
            compressedBytes += length;
        }
    }
}
