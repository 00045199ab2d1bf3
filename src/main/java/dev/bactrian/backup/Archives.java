package dev.bactrian.backup;

import dev.bactrian.archive.WholeStream;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.Compression;
import dev.bactrian.archive.write.StoredArchive;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Opens a backup's archive, hands out its two ends, and checks what was stored of it. */
public final class Archives {

    private static final int BUFFER = 1 << 16;

    private final long spool;
    private final Compression compression;

    /**
     * Prepares for archives.
     *
     * @param spool bytes that may wait in the work folder
     */
    public Archives(long spool, Compression compression) {
        this.spool = spool;
        this.compression = compression;
    }

    /** Begins the archive of a backup; it is abandoned when the backup stops. */
    public Archive open(@ExchangeProperty("run") BackupRun run) {
        run.getEvidence().undone("confirm-archive", "confirm-read-back");
        Archive archive = new Archive(run.getFolder(), spool, Instant.now(), compression);
        run.onStop(archive::abandon);
        return archive;
    }

    /** Bytes that may wait in a backup's folder until they become part of the stream. */
    public long waiting() {
        return spool;
    }

    /** An empty list of what the archive holds. */
    public ArchiveContents contents() {
        return new ArchiveContents();
    }

    /** The archive's bytes as they are written; whoever takes them gets the backup further. */
    public InputStream stream(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("archive") Archive archive) {
        return new WatchedArchive(archive.stream, run.getProgress());
    }

    /**
     * Makes sure that no other archive's manifest is overwritten, since it lies beside the archive under a name that is the same
     * for all.
     *
     * @param shared how many rows gave their keys back for that reason, as {@code sql/control/forget-shared-key.sql} says: none or this one
     */
    public void confirmFolder(
            @ExchangeProperty("run") BackupRun run, @Header("CamelSqlUpdateCount") @Nullable Integer shared) {
        if (shared == null) {
            throw LeftOutStep.of("forget-shared-key", "whether another backup has the same folder isn't known");
        }
        if (shared > 0) {
            throw ProblemException.stopped(
                    "The key " + run.getKey()
                            + " has the folder of another backup, whose manifest would be overwritten by this "
                            + "backup's.",
                    "Put back the shipped sql/control/claim-backup.sql, or change it so that each backup gets its own "
                            + "folder.");
        }
        run.getEvidence().done("confirm-folder");
    }

    /** From now on somebody stores the archive. */
    public StoppableRun.Work beginStoring(@ExchangeProperty("run") BackupRun run) {
        if (!run.getEvidence().has("confirm-folder")) {
            throw LeftOutStep.of("direct:confirm-folder", "another backup's manifest could be overwritten");
        }
        return run.beginWork();
    }

    /** Nobody does any more. What should have read the archive to its end and didn't would let its writers wait for ever. */
    public void endStoring(
            @ExchangeProperty("storing") StoppableRun.Work storing,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) @Nullable Throwable failure) {
        storing.close();
        if (failure == null && !isRead(archive)) {
            archive.abandon(unread());
        }
    }

    /** Both the zip, and what it was encrypted into. */
    private static boolean isRead(Archive archive) {
        return archive.stream.isAtEnd() && archive.sent.isAtEnd();
    }

    private static ProblemException unread() {
        return LeftOutStep.of("direct:store-archive", "nothing has read the archive to its end");
    }

    /** Writes the end of the archive: only then does its reader see an end. */
    public void finish(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("archive") Archive archive)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            archive.finish();
        }
    }

    /**
     * Holds what the store says against what was sent.
     *
     * @param storedSize bytes, as the store reports them
     */
    public void confirm(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @Header("storedSize") @Nullable Long storedSize) {
        if (!isRead(archive)) {
            throw unread();
        }
        if (storedSize == null) {
            throw LeftOutStep.of("direct:measure-stored", "what the store has isn't known");
        }
        StoredArchive sent = archive.stored(run.getKey());
        if (sent.size() != storedSize) {
            throw ProblemException.stopped(
                    "The store holds " + storedSize + " bytes under " + run.getKey() + ", but " + sent.size()
                            + " were sent.",
                    "Start the backup again. If it happens again, the store loses data: use another store.");
        }
        run.stored(sent);
        run.getEvidence().done("confirm-archive");
    }

    /** Offset of the last byte of what was stored. */
    public long lastByte(@ExchangeProperty("run") BackupRun run) {
        return Objects.requireNonNull(run.getStored(), "the archive must have been confirmed")
                        .size()
                - 1;
    }

    /**
     * Reads what the store has, for BACKUP_READ_BACK.
     *
     * @param stored the whole object
     * @throws ProblemException when it isn't what was sent
     */
    public void confirmReadBack(@ExchangeProperty("run") BackupRun run, @Body InputStream stored) throws IOException {
        StoredArchive sent = Objects.requireNonNull(run.getStored(), "the archive must have been confirmed");
        try (stored) {
            WholeStream read = new WholeStream(stored);
            byte[] buffer = new byte[BUFFER];
            while (read.read(buffer, 0, BUFFER) >= 0) {
                run.getProgress().alive();
                if (run.isStopped()) {
                    throw new IOException("The backup was stopped");
                }
            }
            if (!sent.isSame(read)) {
                throw ProblemException.stopped(
                        "The store returns different bytes for " + run.getKey() + " than were sent: " + read.bytes()
                                + " with SHA-256 " + read.sha256() + " and CRC-32 " + read.crc32() + ", not "
                                + sent.size() + " with " + sent.told() + ".",
                        "Start the backup again. If it happens again, find what changes data between this machine and "
                                + "the store.");
            }
        }
        run.getEvidence().done("confirm-read-back");
    }
}
