package dev.bactrian.restore.source;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.read.ArchiveSource;
import dev.bactrian.archive.read.FileSource;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.read.StoredSource;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.Uuids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Finds the archive that a request means, and opens it. */
public final class BackupFinder {

    private final Supplier<CamelContext> camel;

    public BackupFinder(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    /** What kind of name a backup is asked for by. */
    public enum Kind {
        FILE,
        LATEST,
        ID,
        KEY
    }

    /** {@code latest}, {@code latest:DATABASE}, an id, a key that ends in .zip, or else a local file. */
    public static Kind kind(String backup) {
        if (backup.equals("latest") || backup.startsWith("latest:")) {
            return Kind.LATEST;
        }
        if (Uuids.isUuid(backup)) {
            return Kind.ID;
        }
        return Files.isRegularFile(Path.of(backup)) ? Kind.FILE : Kind.KEY;
    }

    /**
     * As {@link #kind}, for routes.
     *
     * @param storeOnly whether no local file can be meant, whatever is called like the key: callers of the API get none
     */
    public String kindOf(
            @ExchangeProperty("backup") String backup, @ExchangeProperty("storeOnly") @Nullable String storeOnly) {
        Kind kind = kind(backup);
        return (kind == Kind.FILE && storeOnly != null ? Kind.KEY : kind).name();
    }

    /** The database whose latest backup is meant. */
    public static String latestOf(@ExchangeProperty("backup") String backup) {
        return backup.startsWith("latest:") ? backup.substring("latest:".length()) : "default";
    }

    /** Refuses a database that has no latest backup in the store. */
    public void requireLatest(@ExchangeProperty("key") String key, @ExchangeProperty("database") String database) {
        if (key.isEmpty()) {
            throw notFound(
                    "The store has no latest backup of " + database + ".",
                    "Name the backup by its key or id, or the database as latest:DATABASE.");
        }
    }

    /** Looks through the manifests of all archives, the newest first: the history may be lost. */
    public String keyOfId(@Body Collection<String> keys, @ExchangeProperty("backup") String id) throws IOException {
        for (String key : keys) {
            String manifest = readable(key);
            if (manifest != null && id.equalsIgnoreCase(ManifestJson.text(manifest, "/backup_id"))) {
                return key;
            }
        }
        throw notFound(
                "The store has no backup " + id + ": no manifest in it names this backup.",
                "Name another one. Restore an archive of another system with that system's tools.");
    }

    /** Refuses an archive that has no manifest beside it: nobody knows whether it is whole. */
    public void requireManifest(@ExchangeProperty("key") String key, @Body @Nullable String manifest) {
        if (manifest == null) {
            throw notFound(
                    "There is no backup " + key + " in the store, because no manifest is next to the archive.",
                    "Name another one. If you have only this archive, download it and restore from the file. Restore "
                            + "an archive of another system with that system's tools.");
        }
    }

    /**
     * The manifest beside a local file, as the store has it: manifest.json, where it tells of this file; or with the archive's name
     * before it. Null when there is none.
     */
    public static @Nullable String besideFile(@ExchangeProperty("backup") String backup) throws IOException {
        Path file = Path.of(backup);
        String name = String.valueOf(file.getFileName());
        Path named = file.resolveSibling(name.replaceAll("\\.zip(\\.(pgp|gpg|asc))?$", "") + "." + EntryNames.MANIFEST);
        Path plain = file.resolveSibling(EntryNames.MANIFEST);
        Path found = Files.isRegularFile(named) ? named : plain;
        if (!Files.isRegularFile(found)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(found)) {
            String text = new ManifestText(ReadLimits.HERE).read(in);
            boolean tells = text != null
                    && ManifestJson.text(text, "/archive/key")
                            .replaceFirst(".*/", "")
                            .equals(name);
            return found.equals(named) || tells ? text : null;
        }
    }

    /** The text of the manifest in an archive. */
    public String inside(@ExchangeProperty("saved") SavedBackup saved) {
        return saved.inside();
    }

    /** The archive as it lies in a local file or in the store. */
    public ArchiveSource source(
            @ExchangeProperty("kind") String kind,
            @ExchangeProperty("backup") String backup,
            @ExchangeProperty("key") @Nullable String key,
            @Header("storedSize") @Nullable Long size,
            @ExchangeProperty("run") @Nullable Object run)
            throws IOException {
        return Kind.FILE.name().equals(kind) || key == null || size == null
                ? new FileSource(Path.of(backup))
                : stored(key, size, run);
    }

    /** The archive as it lies in the store. */
    public ArchiveSource stored(
            @ExchangeProperty("key") String key,
            @Header("storedSize") Long size,
            @ExchangeProperty("run") @Nullable Object run) {
        return new StoredSource(camel.get().createProducerTemplate(), key, size, warning -> {
            if (run instanceof RestoreRun restore) {
                restore.getReport().note(warning);
            } else if (run instanceof StoppableRun other) {
                other.warn(warning);
            }
        });
    }

    /**
     * Opens an archive.
     *
     * @param manifest the one beside it; null for a local file
     */
    public SavedBackup open(
            @ExchangeProperty("source") ArchiveSource source,
            @ExchangeProperty("manifestText") @Nullable String manifest)
            throws IOException {
        try {
            return SavedBackup.open(source, manifest);
        } catch (DamagedArchiveException | java.util.zip.ZipException | java.io.EOFException e) {
            if (!source.readsAgain("its directory or its manifest")) {
                throw unusable(String.valueOf(e.getMessage()), e);
            }
        }
        try {
            return SavedBackup.open(source, manifest == null ? null : manifest(source.name()));
        } catch (DamagedArchiveException | java.util.zip.ZipException | java.io.EOFException e) {
            throw unusable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The manifest beside an archive; null when there is none, or none that can be read: that hides no other. */
    private @Nullable String readable(String key) throws IOException {
        try {
            return manifest(key);
        } catch (IOException e) {
            if (e.getCause() instanceof DamagedArchiveException) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable String manifest(String key) throws IOException {
        Exchange answer = camel.get()
                .createProducerTemplate()
                .request("direct:fetch-manifest", exchange -> exchange.setProperty("key", key));
        if (answer.getException() != null) {
            throw new IOException("The manifests can't be read", answer.getException());
        }
        return answer.getMessage().getBody(String.class);
    }

    /** What is said of an archive that isn't what was written. */
    static ProblemException unusable(String what, Throwable cause) {
        return new ProblemException(
                new Problem(
                        "The archive can't be used: " + what + ".",
                        "Nothing was changed.",
                        "Use another backup; ./bactrian verify --archive-only shows how much of this one is intact."),
                cause);
    }

    private static ProblemException notFound(String cause, String remedy) {
        return new ProblemException(new Problem(cause, "Nothing was changed.", remedy), null);
    }
}
