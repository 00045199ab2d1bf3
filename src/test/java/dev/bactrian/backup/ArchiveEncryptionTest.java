package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.testing.SampleRun;
import dev.bactrian.testing.keys.PgpKeys;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between the zip and the upload: bounded, and whatever fails on one side is known on the other. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchiveEncryptionTest {

    private static final long MOST_UNDER_WAY = 16L << 20;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ArchiveEncryption encryption = new ArchiveEncryption(PgpKeys.recipients("alice"));
    private BackupRun run;
    private Archive archive;

    @BeforeEach
    void begin(@TempDir Path folder) {
        run = SampleRun.in(folder);
        archive = new Archive(run.getFolder(), 1 << 20, Instant.now());
        run.onStop(archive::abandon);
    }

    @AfterEach
    void end() {
        run.stop(new IOException("the end of the test"));
        run.close();
        camel.stop();
    }

    private InputStream encrypt(InputStream zip) {
        return encryption.encrypt(zip, run, archive, new DefaultExchange(camel));
    }

    @Test
    void whatIsStoredIsMeasuredAsItGoesOut() throws IOException {
        InputStream sealed = encrypt(archive.stream());
        try (ArchiveEntryWriter entry = archive.begin("entry")) {
            entry.write(new byte[100]);
        }
        archive.finish();

        byte[] out = sealed.readAllBytes();

        assertThat(archive.stored("key").size()).isEqualTo(out.length);
        assertThat(archive.stored("key").recipients())
                .isEqualTo(PgpKeys.recipients("alice").fingerprints());
        try (InputStream opened = PgpKeys.opening("alice", null).open(new ByteArrayInputStream(out))) {
            assertThat(opened.readAllBytes()).startsWith('P', 'K');
        }
    }

    /** The data format writes a proper end and closes what it writes to, also when what it reads has failed. */
    @Test
    void halfAnArchiveNeverLooksLikeAWholeOne() throws IOException {
        InputStream sealed = encrypt(archive.stream());
        archive.begin("entry").write(new byte[100]);

        archive.abandon(new IOException("a table failed"));

        assertThatThrownBy(sealed::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("a table failed");
    }

    @Test
    void nothingIsReadAheadOfTheStoreAndAStopEndsIt() {
        AtomicLong read = new AtomicLong();
        encrypt(new Endless(read));
        Awaitility.await("the pump's pause")
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(15))
                .until(() -> read.get() > 0 && read.getAndSet(read.get()) == read.get());

        assertThat(read.get()).isLessThan(MOST_UNDER_WAY);
        long before = System.nanoTime();
        run.stop(new IOException("the upload failed"));

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("stop waits for the pump")
                .isLessThan(Duration.ofSeconds(5));
    }

    private static final class Endless extends FilterInputStream {
        private final AtomicLong read;

        Endless(AtomicLong read) {
            super(InputStream.nullInputStream());
            this.read = read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            read.addAndGet(length);
            return length;
        }
    }
}
