package dev.bactrian.backup;

import dev.bactrian.archive.WholeStream;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchivePipe;
import dev.bactrian.encryption.Encryption;
import dev.bactrian.encryption.Recipients;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.run.StoppableRun;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts an archive on its way out. As a step of its own, Camel's data format would collect all of it in memory; here a
 * thread of the backup's pumps it from one bounded pipe into another, as fast as it is stored.
 */
public final class ArchiveEncryption {

    private static final int CHUNK = 1 << 16;

    private final @Nullable Encryption encryption;

    /**
     * Prepares for archives.
     *
     * @param recipients null when archives aren't encrypted: then nobody may call for it
     */
    public ArchiveEncryption(@Nullable Recipients recipients) {
        this.encryption = recipients == null ? null : new Encryption(recipients);
    }

    /**
     * Takes the archive's bytes as they are written, and returns them encrypted.
     *
     * @throws dev.bactrian.problem.ProblemException when they are already
     */
    public InputStream encrypt(
            @Body InputStream zip,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            Exchange exchange) {
        Encryption how = encryption;
        if (how == null) {
            throw new IllegalStateException("BACKUP_ENCRYPT_TO isn't set");
        }
        if (archive.sent != archive.stream) {
            throw LeftOutStep.edited("encrypt the archive twice, which no restore can decrypt");
        }
        ArchivePipe pipe = new ArchivePipe();
        WholeStream encrypted = new WholeStream(pipe.source());
        archive.encrypted(encrypted, how.recipients().fingerprints());
        run.onStop(pipe::fail);
        String name = run.getKey().substring(run.getKey().lastIndexOf('/') + 1).replaceFirst("[.]pgp$", "");
        StoppableRun.Work work = run.beginWork();
        Thread pump = new Thread(
                () -> {
                    try (work) {
                        pump(how, zip, name, pipe, exchange.getContext());
                    }
                },
                "encrypt-archive");
        pump.setDaemon(true);
        pump.start();
        return encrypted;
    }

    /**
     * Ends the pipe cleanly only when all has gone well: the data format writes a proper end behind half an archive, too,
     * and closes what it writes to.
     */
    private static void pump(Encryption how, InputStream zip, String name, ArchivePipe pipe, CamelContext camel) {
        try (Unclosed sink = new Unclosed(pipe.sink())) {
            how.encrypt(zip, name, sink, camel);
            sink.end();
            pipe.complete();
        } catch (Exception | LinkageError e) {
            pipe.fail(e);
        }
    }

    /** Collects the many small pieces, and lets nobody else say when one goes out or when it ends. */
    private static final class Unclosed extends BufferedOutputStream {

        Unclosed(OutputStream out) {
            super(out, CHUNK);
        }

        @Override
        public void flush() {
            // The data format calls for it after every 16 KB.
        }

        void end() throws java.io.IOException {
            super.flush();
        }

        @Override
        public void close() {
            // See pump.
        }
    }
}
