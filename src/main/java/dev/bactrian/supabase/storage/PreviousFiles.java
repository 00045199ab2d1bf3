package dev.bactrian.supabase.storage;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.read.StoredSource;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Takes files that haven't changed from the last archive, so that the project needn't give them out again. Nothing that
 * fails here fails a backup: what can't be taken is fetched.
 */
public final class PreviousFiles {

    /** An entry of that many bytes waits until it is closed, so that nothing of it is written before all is proven. */
    private static final int SHORT = 1 << 19;

    private static final int BUFFER = 1 << 16;

    private final Supplier<CamelContext> camel;

    public PreviousFiles(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    /**
     * The key of the archive that files may be taken from; null when there is none.
     *
     * @param manifest of the database's latest backup
     * @throws IOException when that archive is encrypted
     */
    public @Nullable String key(@Body @Nullable String manifest) throws IOException {
        if (manifest == null
                || ManifestJson.text(manifest, "/supabase/storage/objects").isEmpty()) {
            return null;
        }
        String key = ManifestJson.text(manifest, "/archive/key");
        if (StoreKeys.isSealed(key)) {
            throw new IOException("The archive " + key + " is encrypted");
        }
        return key;
    }

    /**
     * Opens the archive, and its list of files.
     *
     * @throws IOException when it can't be read, or isn't what its manifest tells
     */
    public PreviousArchive open(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("key") String key,
            @ExchangeProperty("manifestText") String manifest,
            @Header("storedSize") Long size)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            StoredSource source = new StoredSource(camel.get().createProducerTemplate(), key, size, run::warn);
            PreviousArchive earlier = PreviousArchive.open(SavedBackup.open(source, manifest), run);
            run.closeAtEnd(earlier);
            return earlier;
        }
    }

    /**
     * Makes a file that hasn't changed an entry of the archive.
     *
     * @return null when the earlier archive can't give it; what it gave of it is then in an entry that is left begun
     */
    public @Nullable FetchedFile take(
            @Body StorageObject object,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("files") FilesRun files,
            @ExchangeProperty("previous") PreviousArchive earlier)
            throws IOException {
        PreviousFile file = object.earlier();
        if (file == null || !earlier.isReadable()) {
            return null;
        }
        try (StoppableRun.Work work = run.beginWork()) {
            ArchiveEntryWriter entry = file.bytes() <= SHORT
                    ? takeAtOnce(object, file, run, archive, earlier)
                    : takeProven(object, file, run, archive, earlier);
            if (entry == null) {
                return null;
            }
            if (entry.bytes() < file.bytes()) {
                files.leave(object, entry);
                return null;
            }
            entry.close();
            return new FetchedFile(object, null, entry.bytes(), entry.sha256(), true, false);
        }
    }

    private static @Nullable ArchiveEntryWriter takeAtOnce(
            StorageObject object, PreviousFile file, BackupRun run, Archive archive, PreviousArchive earlier)
            throws IOException {
        byte[] bytes = earlier.bytes(file);
        if (bytes == null) {
            return null;
        }
        ArchiveEntryWriter entry = object.beginEntry(archive);
        entry.write(bytes, 0, bytes.length);
        run.getProgress().moved(bytes.length);
        return entry;
    }

    /** Reads it twice: what has gone into the archive can't be taken back. */
    private static @Nullable ArchiveEntryWriter takeProven(
            StorageObject object, PreviousFile file, BackupRun run, Archive archive, PreviousArchive earlier)
            throws IOException {
        if (!earlier.proves(file)) {
            return null;
        }
        ArchiveEntryWriter entry = object.beginEntry(archive);
        byte[] buffer = new byte[BUFFER];
        try (PreviousArchive.Content in = earlier.content(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                entry.write(buffer, 0, count);
                run.getProgress().moved(count);
            }
        }
        return entry;
    }
}
