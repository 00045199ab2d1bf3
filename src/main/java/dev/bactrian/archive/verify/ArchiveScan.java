package dev.bactrian.archive.verify;

import dev.bactrian.archive.EntryCount;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.WholeStream;
import dev.bactrian.archive.read.CentralDirectory;
import dev.bactrian.archive.read.TrackedStream;
import dev.bactrian.encryption.DecryptionKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One reading of an archive, front to back, entry by entry. What is damaged becomes a difference, and reading goes on
 * where it can; only a source that can't be read is an error. No entry is held: camel-zipfile's own iterator would copy
 * each into memory before it hands it out.
 */
public final class ArchiveScan implements Iterator<Object>, AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final String key;
    private final @Nullable String beside;
    private final TrackedStream source;
    private final WholeStream whole;
    private final TailStream tail;
    private final ZipArchiveInputStream zip;
    private final Differences differences = new Differences();
    private final Map<String, EntryFacts> entries = new LinkedHashMap<>();
    private final List<CentralDirectory.Entry> headers = new ArrayList<>();
    private final EntryCount count = ReadLimits.HERE.count();
    private final FileList files = new FileList(entries, differences);
    /** The text of the one in it. */
    public @Nullable String manifest;

    private @Nullable SavedEntry current;
    private @Nullable ZipArchiveEntry header;
    private @Nullable SavedEntry next;
    private boolean ended;
    private boolean damaged;

    /**
     * Begins the reading.
     *
     * @param beside the manifest beside the archive, where there is one
     * @param decryptionKey decrypts the archive; null for one that isn't encrypted
     */
    public ArchiveScan(
            String key, InputStream archive, @Nullable String beside, @Nullable DecryptionKey decryptionKey) {
        this.key = key;
        this.beside = beside;
        this.source = new TrackedStream(archive);
        this.whole = new WholeStream(source);
        InputStream buffered = new BufferedInputStream(whole, BUFFER);
        this.tail = new TailStream(decryptionKey == null ? buffered : DecryptedInput.of(buffered, decryptionKey));
        this.zip = new ZipArchiveInputStream(tail, "UTF-8", false);
    }

    /** Camel asks for the one after this before it hands this one out: as long as it isn't read, nobody can know. */
    @Override
    public boolean hasNext() {
        if (next == null && (current == null || current.isRead())) {
            next = advance();
        }
        return next != null || current != null && !current.isRead();
    }

    @Override
    public Object next() {
        SavedEntry entry = next == null ? advance() : next;
        if (entry == null) {
            throw new NoSuchElementException();
        }
        next = null;
        current = entry;
        return entry;
    }

    private @Nullable SavedEntry advance() {
        if (ended) {
            return null;
        }
        tail.keep();
        try {
            ZipArchiveEntry entry = zip.getNextEntry();
            compareCrc();
            if (entry != null) {
                tail.forget();
                header = entry;
                return new SavedEntry(entry.getName(), zip);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            damage("The rest of the zip can't be read" + after() + ": " + e.getMessage() + ".");
        }
        ended = true;
        return null;
    }

    private String after() {
        return current == null ? "" : " after the entry " + current.name();
    }

    /** The zip tells CRC and sizes of an entry after it: its reader has them once it has gone on. */
    private void compareCrc() {
        ZipArchiveEntry told = header;
        SavedEntry read = current;
        header = null;
        if (told == null || read == null) {
            return;
        }
        EntryFacts facts = entries.get(read.name());
        if (told.getCrc() != read.crc() || facts != null && told.getSize() != facts.bytes()) {
            differences.add("The entry " + read.name() + " isn't what was written: its CRC-32 or its size differs.");
        }
        headers.add(new CentralDirectory.Entry(
                told.getName(),
                told.getLocalHeaderOffset(),
                told.getMethod(),
                told.getCompressedSize(),
                told.getSize(),
                told.getCrc()));
    }

    /** Reads the entry that was handed out last. */
    public void check(SavedEntry entry) throws IOException {
        try {
            if (EntryNames.MANIFEST.equals(entry.name()) && manifest == null) {
                manifest = entry.text();
            }
            if (EntryNames.OBJECTS.equals(entry.name())) {
                files.compare(entry.stream());
            }
            EntryFacts facts = entry.read();
            count.add(entry.name());
            if (entries.putIfAbsent(entry.name(), facts) != null) {
                differences.add("The entry " + entry.name() + " is in the archive twice.");
            }
        } catch (IOException e) {
            requireSource();
            damage("The entry " + entry.name() + " can't be read: " + e.getMessage() + ".");
            ended = true;
        }
    }

    private void damage(String difference) {
        damaged = true;
        differences.add(difference);
    }

    /**
     * Reads what is left, and compares everything.
     *
     * @throws IOException when the archive can't be read, which says nothing about it
     */
    public ArchiveReport report(boolean besideExpected) throws IOException {
        requireSource();
        readRest();
        if (!damaged) {
            compareDirectory();
        }
        ManifestCheck check = new ManifestCheck(differences);
        check.names(entries.keySet());
        check.manifests(manifest, beside, besideExpected);
        check.whole(key, whole, besideExpected);
        // After damage the rest is missing anyway: naming all of it would hide where it began.
        check.contents(entries, files.files(), damaged);
        List<EntryFacts> tables =
                entries.values().stream().filter(entry -> entry.rows() != null).toList();
        long rows = tables.stream()
                .map(EntryFacts::rows)
                .filter(Objects::nonNull)
                .mapToLong(EntryFacts.Rows::count)
                .sum();
        // A large table has several entries in its folder.
        int counted = (int) tables.stream()
                .map(entry -> entry.name().substring(0, entry.name().lastIndexOf('/')))
                .distinct()
                .count();
        int read = entries.size() + files.taken();
        return new ArchiveReport(key, read, counted, rows, whole.bytes(), whole.sha256(), differences.all(), List.of());
    }

    /** An encrypted archive is proven to be what was encrypted only at its end, which lies behind the zip's. */
    private void readRest() throws IOException {
        try {
            tail.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            requireSource();
            if (!damaged) {
                damage("The archive is damaged after its last entry: " + e.getMessage() + ".");
            }
        }
        whole.transferTo(OutputStream.nullOutputStream());
        requireSource();
    }

    private void compareDirectory() {
        if (tail.isOverflown()) {
            differences.add("The zip's directory is too large to be checked.");
            return;
        }
        try {
            List<CentralDirectory.Entry> directory = CentralDirectory.parse(tail.bytes(), tail.offset());
            if (!directory.equals(headers)) {
                differences.add("The zip's directory doesn't match the entries" + firstDifference(directory) + ".");
            }
        } catch (IOException e) {
            differences.add("The archive is cut off or damaged at its end: " + e.getMessage() + ".");
        }
    }

    private String firstDifference(List<CentralDirectory.Entry> directory) {
        for (int i = 0; i < Math.min(directory.size(), headers.size()); i++) {
            if (!directory.get(i).equals(headers.get(i))) {
                return " of " + directory.get(i).name();
            }
        }
        return ": it has " + directory.size() + " entries, and " + headers.size() + " are there";
    }

    private void requireSource() throws IOException {
        IOException failure = source.failure();
        if (failure != null) {
            throw new IOException("The archive " + key + " couldn't be read to the end", failure);
        }
    }

    /** Ends the reading. */
    @Override
    public void close() throws IOException {
        zip.close();
    }
}
