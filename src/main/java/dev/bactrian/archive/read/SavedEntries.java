package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.SupabaseContents;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.jspecify.annotations.Nullable;

/** The entries of an archive, held against its manifest. */
public final class SavedEntries {

    private final SavedBackup saved;
    private final Set<String> named = new HashSet<>(EntryNames.ALWAYS_THERE);

    private SavedEntries(SavedBackup saved) {
        this.saved = saved;
    }

    /**
     * What the manifest names is there, once, in that size; there is nothing else, and as many files of Storage as it counts.
     *
     * @throws DamagedArchiveException when it isn't so
     */
    static void require(SavedBackup saved) throws DamagedArchiveException {
        SavedEntries entries = new SavedEntries(saved);
        Set<String> seen = new HashSet<>();
        for (var file : saved.manifest().files().entrySet()) {
            entries.requireOne(file.getKey(), file.getValue().bytes(), seen);
        }
        for (Manifest.TablePart table : saved.manifest().tables()) {
            entries.requireOne(table.schemaEntry(), null, seen);
            for (DataEntry rows : table.rowEntries()) {
                entries.requireOne(rows.entry(), rows.bytes(), seen);
            }
        }
        entries.requireNoOther();
    }

    private void requireOne(@Nullable String entry, @Nullable Long bytes, Set<String> seen)
            throws DamagedArchiveException {
        if (entry == null) {
            return;
        }
        if (!saved.reader().has(entry)) {
            throw new DamagedArchiveException("it doesn't have " + entry + ", which its manifest names");
        }
        if (!seen.add(entry)) {
            throw new DamagedArchiveException("its manifest names " + entry + " twice");
        }
        if (bytes != null && saved.reader().size(entry) != bytes) {
            throw new DamagedArchiveException("the entry " + entry + " has "
                    + saved.reader().size(entry) + " bytes, but its manifest says " + bytes);
        }
        named.add(entry);
    }

    /** The list of Storage's files, which the manifest vouches for, names each of them. */
    private void requireNoOther() throws DamagedArchiveException {
        long files = 0;
        for (String entry : saved.reader().names()) {
            if (EntryNames.isStorageFile(entry)) {
                files++;
            } else if (!named.contains(entry)) {
                throw new DamagedArchiveException("it has an entry that isn't in its manifest: " + entry);
            }
        }
        SupabaseContents supabase = saved.manifest().supabase();
        long told = supabase == null || supabase.storage() == null
                ? 0
                : supabase.storage().objects();
        if (files != told) {
            throw new DamagedArchiveException("it has " + files + " files of Storage, but its manifest says " + told);
        }
    }

    /**
     * The SHA-256 that an entry has to have; empty where nothing says it, as of a table's definition in an older archive.
     *
     * @throws IOException when it is a file of Storage, and the list that says it can't be read to its end
     */
    public static Optional<String> sha256(SavedBackup saved, String entry) throws IOException {
        String told = hashes(saved).get(entry);
        if (told != null) {
            return Optional.of(told);
        }
        return EntryNames.isStorageFile(entry) ? Optional.of(inList(saved, entry)) : Optional.empty();
    }

    /** The SHA-256 of all entries but files of Storage, where something says it. */
    public static Map<String, String> hashes(SavedBackup saved) {
        Map<String, String> hashes = new HashMap<>();
        hashes.put(EntryNames.MANIFEST, ManifestText.sha256(saved.inside()));
        saved.manifest().files().forEach((name, file) -> hashes.putIfAbsent(name, file.sha256()));
        for (Manifest.TablePart table : saved.manifest().tables()) {
            table.rowEntries().forEach(rows -> put(hashes, rows.entry(), rows.sha256()));
            put(hashes, table.schemaEntry(), table.schemaSha256());
        }
        return hashes;
    }

    private static void put(Map<String, String> hashes, @Nullable String entry, @Nullable String sha256) {
        if (entry != null && sha256 != null) {
            hashes.putIfAbsent(entry, sha256);
        }
    }

    private static String inList(SavedBackup saved, String entry) throws IOException {
        Optional<String> found =
                CheckedEntry.use(saved, EntryNames.OBJECTS, list -> Optional.ofNullable(inList(list, entry)));
        return found.orElseThrow(() ->
                new DamagedArchiveException("it has a file of Storage that " + EntryNames.OBJECTS + " doesn't name"));
    }

    private static @Nullable String inList(InputStream list, String entry) throws IOException {
        String found = null;
        try (SavedList files = new SavedList(CloseShieldInputStream.wrap(list))) {
            for (SavedFile file = files.read(); file != null; file = files.read()) {
                if (!file.lacking() && entry.equals(file.entry())) {
                    found = file.sha256();
                }
            }
        }
        list.transferTo(OutputStream.nullOutputStream());
        return found;
    }
}
