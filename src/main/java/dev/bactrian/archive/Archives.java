package dev.bactrian.archive;

import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.backup.StoredArchive;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Opens a backup's archive, hands out its two ends, and checks what was stored of it. */
public final class Archives {

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
        Archive archive = new Archive(run.getFolder(), spool, Instant.now(), compression);
        run.onStop(archive::abandon);
        return archive;
    }

    /** An empty list of what the archive holds. */
    public ArchiveContents contents() {
        return new ArchiveContents();
    }

    /** The archive's bytes as they are written; whoever takes them gets the backup further. */
    public InputStream stream(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("archive") Archive archive) {
        return new FilterInputStream(archive.stream()) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                run.getProgress().alive();
                return count;
            }
        };
    }

    /** From now on somebody stores the archive. */
    public StoppableRun.Work beginStoring(@ExchangeProperty("run") BackupRun run) {
        return run.beginWork();
    }

    /** Nobody does any more. */
    public void endStoring(@ExchangeProperty("storing") StoppableRun.Work storing) {
        storing.close();
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
            @Header("storedSize") Long storedSize) {
        StoredArchive sent = archive.stored(run.getKey());
        if (sent.size() != storedSize) {
            throw BackupException.stopped(
                    "The store holds " + storedSize + " bytes under " + run.getKey() + ", but " + sent.size()
                            + " were sent.",
                    "Start the backup again; if it happens again, the store loses data: use another one.");
        }
        run.stored(sent);
    }
}
