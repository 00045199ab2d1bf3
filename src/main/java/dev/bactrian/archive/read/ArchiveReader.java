package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.support.Printable;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of a stored archive, each by its place in the zip's directory (PKWARE APPNOTE 6.3.10, 4.3.12), so that
 * only what is asked for is fetched. An archive is untrusted input: one whose directory isn't as Bactrian writes it is
 * refused before anything of it is read.
 */
public final class ArchiveReader {

    /** Bytes of content up to which an entry is proven before it is given out. */
    private static final long PROVEN = 1 << 20;

    private static final Set<Integer> METHODS = Set.of(ZipEntry.STORED, ZipEntry.DEFLATED);

    private final ArchiveSource source;
    private final Map<String, Place> places;
    private final ReadAhead ahead;
    private final Set<String> again = ConcurrentHashMap.newKeySet();

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
        return open(source, ReadLimits.HERE);
    }

    public static ArchiveReader open(ArchiveSource source, ReadLimits limits) throws IOException {
        Map<String, Place> places = new LinkedHashMap<>();
        for (Place place : CentralDirectory.read(source, limits)) {
            requirePossible(place);
            if (places.put(place.name(), place) != null) {
                throw new DamagedArchiveException("it has two entries " + shown(place.name()));
            }
        }
        return new ArchiveReader(source, places);
    }

    private static void requirePossible(Place place) throws DamagedArchiveException {
        if (!EntryNames.isSafe(place.name())) {
            throw new DamagedArchiveException("it has an entry that Bactrian never writes: " + shown(place.name()));
        }
        if (!METHODS.contains(place.method())
                || place.size() < 0
                || place.compressed() < 0
                || place.offset() < 0
                || place.compressed() > place.end() - place.offset()) {
            throw new DamagedArchiveException(
                    "its directory has impossible values for the entry " + shown(place.name()));
        }
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
     * Whether an entry that came damaged is to be read once more, since only the way may have changed it: true once for each
     * entry of an archive that is fetched from a store. What is read then is fetched anew.
     */
    public boolean readAgain(String entry) {
        return again.add(entry) && isWorthAnotherLook(entry);
    }

    private boolean isWorthAnotherLook(String entry) {
        ahead.forget();
        return source.readsAgain("the entry " + shown(entry));
    }

    /** Whether what {@link #open} gives out may have come damaged without anybody knowing yet, and be right the next time. */
    public boolean mayBeRightLater(String entry) {
        return source.isFetched() && !again.contains(entry) && size(entry) > PROVEN;
    }

    /**
     * Opens an entry. One that isn't large, and comes from a store, was proven then, and fetched again where it had come
     * damaged; for larger ones see {@link #readAgain}. Its end is only reported when size and CRC were right.
     *
     * @throws IOException when there is none of that name, or it can't be read; {@link DamagedArchiveException} from
     *     reading, when its content isn't what was written
     */
    public InputStream open(String entry) throws IOException {
        @Nullable Place place = places.get(entry);
        if (place == null) {
            throw new FileNotFoundException("The archive " + source.name() + " has no entry " + shown(entry));
        }
        if (source.isFetched() && place.size() <= PROVEN && !again.contains(entry)) {
            try (InputStream in = stream(place)) {
                return new ByteArrayInputStream(in.readAllBytes());
            } catch (DamagedArchiveException e) {
                readAgain(entry);
            }
        }
        return stream(place);
    }

    private InputStream stream(Place place) throws IOException {
        long length = place.end() - place.offset();
        InputStream range = length <= ReadAhead.LONGEST
                ? ahead.read(place.offset(), (int) length)
                : new ResumingStream(source, place.offset(), length);
        return EntryStream.open(range, place);
    }

    /** Names of all entries, in the order in which they lie in the archive. */
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    /** The text of the manifest in the archive, within the limits of reading. */
    public String manifest() throws IOException {
        if (!has(EntryNames.MANIFEST)) {
            throw new DamagedArchiveException(
                    "it has no " + EntryNames.MANIFEST + ", so it isn't a complete Bactrian archive");
        }
        try (InputStream in = open(EntryNames.MANIFEST)) {
            return ManifestText.text(in, ReadLimits.HERE);
        }
    }
}
