package dev.bactrian.restore.source;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.read.ArchiveSource;
import dev.bactrian.archive.read.FileSource;
import dev.bactrian.archive.read.TrackedStream;
import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts an archive into the work folder: OpenPGP can be read from front to back only, and a restore reads here and
 * there. The file is for this user alone and goes with the restore, however that ends. Nothing of it is used before all
 * of it has been proven to be what was encrypted.
 */
public final class ArchiveDecryption {

    private static final int BUFFER = 1 << 16;

    private final @Nullable DecryptionKey key;
    private final Room room;

    /** Tells how many bytes a folder's disk still takes. */
    @FunctionalInterface
    interface Room {
        long of(Path folder) throws IOException;
    }

    /**
     * Prepares for archives.
     *
     * @param key null when there is none here: then encrypted ones are refused
     */
    public ArchiveDecryption(@Nullable DecryptionKey key) {
        this(key, folder -> Files.getFileStore(folder).getUsableSpace());
    }

    ArchiveDecryption(@Nullable DecryptionKey key, Room room) {
        this.key = key;
        this.room = room;
    }

    /** Whether an archive has to be decrypted before it can be read; its name says so. */
    public boolean isSealed(@ExchangeProperty("source") ArchiveSource source) {
        return StoreKeys.isSealed(source.name());
    }

    /**
     * Decrypts it.
     *
     * @param manifest the one beside it, which tells size and hash of the encrypted archive; null for a local file
     * @return the decrypted archive, by its own name
     */
    public ArchiveSource decrypt(
            @ExchangeProperty("source") ArchiveSource source,
            @ExchangeProperty("manifestText") @Nullable String manifest,
            @ExchangeProperty("run") StoppableRun run)
            throws IOException {
        DecryptionKey decryptionKey = requireKey(source);
        requireRoom(source, run.getFolder());
        try {
            return decryptOnce(source, manifest, run, decryptionKey);
        } catch (ProblemException e) {
            if (run.isStopped() || !source.readsAgain("what is encrypted")) {
                throw e;
            }
        }
        return decryptOnce(source, manifest, run, decryptionKey);
    }

    private static ArchiveSource decryptOnce(
            ArchiveSource source, @Nullable String manifest, StoppableRun run, DecryptionKey decryptionKey)
            throws IOException {
        Files.deleteIfExists(run.getFolder().resolve("archive.zip"));
        Path file = Files.createFile(
                run.getFolder().resolve("archive.zip"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String sha256;
        TrackedStream tracked = new TrackedStream(source.readAll());
        try (StoppableRun.Work work = run.beginWork();
                MeasuredStream whole = new MeasuredStream(tracked);
                InputStream opened = decryptionKey.open(whole);
                OutputStream out = Files.newOutputStream(file)) {
            copy(opened, out, run);
            whole.transferTo(OutputStream.nullOutputStream());
            sha256 = whole.sha256();
            requireStored(manifest, sha256);
        } catch (IOException e) {
            if (tracked.failure() != null || WorkFolder.isFull(e)) {
                throw e;
            }
            throw BackupFinder.unusable(String.valueOf(e.getMessage()), e);
        }
        return new Decrypted(source, new FileSource(file), sha256);
    }

    private DecryptionKey requireKey(ArchiveSource source) {
        if (key == null) {
            throw new ProblemException(
                    new Problem(
                            "The archive " + source.name() + " is encrypted, and no private key is configured.",
                            "Nothing was changed.",
                            "Name the file of the private key with --decrypt-key FILE or BACKUP_DECRYPT_KEY_FILE; or "
                                    + "decrypt the archive elsewhere with gpg --decrypt, and use the resulting zip."),
                    null);
        }
        return key;
    }

    /** What comes out is hardly smaller than what goes in. */
    private void requireRoom(ArchiveSource source, Path folder) throws IOException {
        long free = room.of(folder);
        if (free < source.size()) {
            throw new ProblemException(
                    new Problem(
                            "The archive has to be decrypted into the work folder, which takes "
                                    + Units.readable(source.size()) + "; " + Units.readable(free) + " are free there.",
                            "Nothing was changed.",
                            "Free space there, or set WORK_DIR to a larger disk; or decrypt the archive elsewhere "
                                    + "with gpg --decrypt, and restore from the resulting zip."),
                    null);
        }
    }

    private static void copy(InputStream in, OutputStream out, StoppableRun run) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (run.isStopped()) {
                throw new IOException("stopped", run.getStoppedBy());
            }
            out.write(buffer, 0, count);
            run.getProgress().alive();
        }
    }

    /** What is signed by nobody is at least what the manifest beside it tells of. */
    private static void requireStored(@Nullable String manifest, String sha256) throws IOException {
        String told = manifest == null ? "" : ManifestJson.text(manifest, "/archive/sha256");
        if (!told.isEmpty() && !told.equals(sha256)) {
            throw new IOException("it isn't the one that the manifest next to it describes: its SHA-256 differs");
        }
    }

    private record Decrypted(ArchiveSource encrypted, ArchiveSource opened, String storedSha256)
            implements ArchiveSource {
        @Override
        public String name() {
            return encrypted.name();
        }

        @Override
        public long size() {
            return opened.size();
        }

        @Override
        public long storedSize() {
            return encrypted.size();
        }

        @Override
        public InputStream read(long from, long length) throws IOException {
            return opened.read(from, length);
        }
    }
}
