package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryPlace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.io.input.NullInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The zip itself, of entries that come compressed: whole, or bit by bit with their sizes at the end. Not for two threads
 * at once.
 */
final class ZipStream {

    private static final int BUFFER = 1 << 16;
    /** Bytes of an entry's header without its name, and of the sizes behind its data where they have 64 bits. */
    private static final int HEADER = 30;

    private static final int DESCRIPTOR_64 = 24;

    private final Zip zip;
    private final RecordStream records;
    private final FileTime time;
    private @Nullable Straight straight;

    ZipStream(OutputStream out, FileTime time) {
        this.records = new RecordStream(new BufferedOutputStream(out, BUFFER));
        this.zip = new Zip(records);
        this.time = time;
        zip.setEncoding("UTF-8");
    }

    /** What a zip tells of an entry: CRC-32 and bytes of the content, bytes when compressed. */
    record Facts(long crc, long size, long compressedSize) {}

    /** Adds an entry that is whole; where it lies. */
    EntryPlace append(String name, Facts facts, InputStream compressed) throws IOException {
        ZipArchiveEntry entry = entry(name);
        entry.setSize(facts.size());
        entry.setCrc(facts.crc());
        entry.setCompressedSize(facts.compressedSize());
        zip.setUseZip64(Zip64Mode.AsNeeded);
        records.begin();
        zip.addRawArchiveEntry(entry, compressed);
        return records.end(facts);
    }

    /** Begins an entry of unknown size, and returns what takes its compressed bytes. */
    OutputStream begin(String name) {
        // Sizes are known only at the end, and may be beyond 4 GiB.
        zip.setUseZip64(Zip64Mode.Always);
        records.begin();
        straight = new Straight(entry(name));
        return straight.pipe.sink();
    }

    /**
     * Names an entry that is in the store already as another archive's; its bytes don't come by here.
     *
     * @param before where it lies there
     * @param size bytes of its content
     * @return where it lies here
     * @throws IOException when it isn't in the form that entries have here
     */
    EntryPlace reuse(String name, EntryPlace before, long size) throws IOException {
        Facts facts = new Facts(before.contentCrc32(), size, before.compressed());
        records.swallow();
        InputStream nothing = new NullInputStream(facts.compressedSize());
        if (hasDescriptor(name, before)) {
            zip.setUseZip64(Zip64Mode.Always);
            zip.facts = facts;
            zip.addRawArchiveEntry(entry(name), nothing);
        } else {
            append(name, facts, nothing);
        }
        long length = records.swallowed();
        if (length != before.length()) {
            throw new IOException("The entry " + name + " would have " + length + " bytes, and has " + before.length());
        }
        return new EntryPlace(
                records.position() - length, length, before.crc32(), before.compressed(), before.contentCrc32());
    }

    /** An entry that was begun before its sizes were known has them behind its data (APPNOTE 4.3.9). */
    private static boolean hasDescriptor(String name, EntryPlace place) {
        int header = HEADER + name.getBytes(StandardCharsets.UTF_8).length;
        return place.length() - header - place.compressed() >= DESCRIPTOR_64;
    }

    /** Hands on what has been written so far. */
    void flush() throws IOException {
        records.flush();
    }

    /** Ends the entry that was begun; where it lies. */
    EntryPlace end(Facts facts) throws IOException {
        Straight ending = straight;
        if (ending == null) {
            throw new IllegalStateException("No entry was begun");
        }
        straight = null;
        ending.end(facts);
        return records.end(facts);
    }

    /** Writes the central directory. */
    void finish() throws IOException {
        zip.finish();
        zip.flush();
    }

    /** Ends the output, as whole. */
    void close() throws IOException {
        zip.close();
    }

    /** Frees whoever writes an entry that will never be whole. */
    void abandon(Throwable cause) {
        Straight begun = straight;
        if (begun != null) {
            begun.pipe.fail(cause);
        }
    }

    private ZipArchiveEntry entry(String name) {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setMethod(ZipEntry.DEFLATED);
        entry.setTime(time);
        return entry;
    }

    /** An entry under way. The library wants to read it, and its worker wants to write: a pipe and a thread join them. */
    private final class Straight {

        private final ArchivePipe pipe = new ArchivePipe();
        private final FutureTask<Void> writing;

        Straight(ZipArchiveEntry entry) {
            writing = new FutureTask<>(() -> {
                try {
                    zip.addRawArchiveEntry(entry, pipe.source());
                } catch (IOException | RuntimeException e) {
                    pipe.fail(e);
                    throw e;
                }
                return null;
            });
            Thread thread = new Thread(writing, "archive-writer");
            thread.setDaemon(true);
            thread.start();
        }

        void end(Facts facts) throws IOException {
            zip.facts = facts;
            pipe.complete();
            try {
                writing.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** The library takes a compressed entry of unknown sizes, but asks nobody for them at its end. */
    private static final class Zip extends ZipArchiveOutputStream {

        /** Handed over by the pipe's end. */
        @Nullable
        Facts facts;

        Zip(OutputStream out) {
            super(out);
        }

        @Override
        protected void writeDataDescriptor(ZipArchiveEntry entry) throws IOException {
            Facts ended = facts;
            if (ended != null) {
                facts = null;
                entry.setCrc(ended.crc());
                entry.setSize(ended.size());
                entry.setCompressedSize(ended.compressedSize());
            }
            super.writeDataDescriptor(entry);
        }
    }
}
