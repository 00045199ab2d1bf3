package dev.bactrian.archive;

import dev.bactrian.text.Printable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of a stored archive, each by its place in the zip's directory (PKWARE APPNOTE 6.3.10, 4.3.12), so that
 * only what is asked for is fetched. An archive is untrusted input: one whose directory isn't as Bactrian writes it is
 * refused before anything of it is read.
 */
public final class ArchiveReader {

    private static final Set<Integer> METHODS = Set.of(ZipArchiveEntry.STORED, ZipArchiveEntry.DEFLATED);

    private final ArchiveSource source;
    private final Map<String, Place> places;
    private final ReadAhead ahead;

    /**
     * Where an entry lies.
     *
     * @param end of the range that holds it: where the next one begins
     * @param compressed bytes of its data in the zip
     * @param size bytes of its content
     */
    record Place(String name, long offset, long end, int method, long compressed, long size, long crc) {}

    private ArchiveReader(ArchiveSource source, Map<String, Place> places) {
        this.source = source;
        this.places = places;
        this.ahead = new ReadAhead(source);
    }

    /**
     * Reads the directory.
     *
     * @throws IOException when it can't be read, or has something that no archive of Bactrian's has
     */
    public static ArchiveReader open(ArchiveSource source) throws IOException {
        List<ZipArchiveEntry> entries = entries(new SourceChannel(source));
        Map<String, Place> places = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            long end = i + 1 < entries.size() ? entries.get(i + 1).getLocalHeaderOffset() : source.size();
            Place place = place(entries.get(i), end);
            if (places.put(place.name(), place) != null) {
                throw new DamagedArchiveException("it has two entries " + shown(place.name()));
            }
        }
        return new ArchiveReader(source, places);
    }

    private static List<ZipArchiveEntry> entries(SourceChannel channel) throws IOException {
        List<ZipArchiveEntry> entries = new ArrayList<>();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(channel)
                .setIgnoreLocalFileHeader(true)
                .get()) {
            zip.getEntriesInPhysicalOrder().asIterator().forEachRemaining(entries::add);
            return entries;
        } catch (IOException | RuntimeException e) {
            // The library says in many ways that a directory makes no sense to it.
            IOException unreadable = channel.failure();
            if (unreadable != null) {
                throw unreadable;
            }
            throw new DamagedArchiveException("its directory can't be read", e);
        }
    }

    private static Place place(ZipArchiveEntry entry, long end) throws DamagedArchiveException {
        // Not the library's name, in which it may have turned backslashes.
        String name = new String(entry.getRawName(), StandardCharsets.UTF_8);
        if (!EntryNames.isSafe(name)) {
            throw new DamagedArchiveException("it has an entry that Bactrian never writes: " + shown(name));
        }
        Place place = new Place(
                name,
                entry.getLocalHeaderOffset(),
                end,
                entry.getMethod(),
                entry.getCompressedSize(),
                entry.getSize(),
                entry.getCrc());
        if (!METHODS.contains(place.method())
                || place.size() < 0
                || place.compressed() < 0
                || place.offset() < 0
                || place.compressed() > end - place.offset()) {
            throw new DamagedArchiveException("its directory tells something impossible of the entry " + shown(name));
        }
        return place;
    }

    private static String shown(String name) {
        return Printable.line(name);
    }

    public boolean has(String entry) {
        return places.containsKey(entry);
    }

    /** Bytes of an entry's content, as the directory tells; 0 when there is none. */
    public long size(String entry) {
        Place place = places.get(entry);
        return place == null ? 0 : place.size();
    }

    /** Offset that an entry begins at; 0 when there is none. */
    public long position(String entry) {
        Place place = places.get(entry);
        return place == null ? 0 : place.offset();
    }

    /**
     * Opens an entry. Its end is only reported when size and CRC were right.
     *
     * @throws IOException when there is none of that name, or it can't be read; {@link DamagedArchiveException} from
     *     reading, when its content isn't what was written
     */
    public InputStream open(String entry) throws IOException {
        @Nullable Place place = places.get(entry);
        if (place == null) {
            throw new FileNotFoundException("The archive " + source.name() + " has no entry " + shown(entry));
        }
        long length = place.end() - place.offset();
        InputStream range = length <= ReadAhead.LONGEST
                ? ahead.read(place.offset(), (int) length)
                : new ResumingStream(source, place.offset(), length);
        return EntryStream.open(range, place);
    }

    /** Reads a short entry whole. */
    public byte[] bytes(String entry) throws IOException {
        try (InputStream in = open(entry)) {
            return in.readAllBytes();
        }
    }
}
