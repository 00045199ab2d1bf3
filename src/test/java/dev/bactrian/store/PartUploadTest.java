package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.Task;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.archive.write.ArchivePipe;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.SampleRun;
import dev.bactrian.testing.stores.CountingS3;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Uploads in parts whose sizes are scaled down, so that there are many. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartUploadTest {

    private static final int KB = 1 << 10;
    private static final int MB = 1 << 20;
    private static final String KEY = "backups/archive/x/backup.zip";
    private static final PartSizes.Limits SMALL = new PartSizes.Limits(16 * KB, 2 * MB, 1000, 500L * MB, false);
    private static final PartSizes.Limits EQUAL = new PartSizes.Limits(16 * KB, 2 * MB, 1000, 500L * MB, true);

    @TempDir
    private Path work;

    private CountingS3 server;
    private BackupRun run;
    private S3Clients clients;

    @BeforeEach
    void start() throws IOException {
        server = CountingS3.start(true);
        run = SampleRun.in(work);
        clients = new S3Clients(settings());
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    private S3Settings settings() {
        return new S3Settings(
                "bucket",
                "backups",
                "us-east-1",
                server.endpoint(),
                true,
                // Bodies without the trailers that checksums come in.
                true,
                S3ObjectSettings.PLAIN,
                true,
                "id",
                "secret");
    }

    private S3Upload upload(PartSizes.Limits limits) {
        return new S3Upload(clients, new RefusedOptions(settings()), limits);
    }

    private S3Upload send(PartSizes.Limits limits, InputStream content, long largest) {
        S3Upload upload = upload(limits);
        upload.upload(content, KEY, "application/zip", largest, 0, run);
        return upload;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void assertNothingLeft() throws IOException {
        assertThat(server.hasOpenUpload())
                .as("an upload that is neither completed nor aborted")
                .isFalse();
        try (Stream<Path> files = Files.list(run.getFolder())) {
            assertThat(files).as("parts that wait").isEmpty();
        }
    }

    @Test
    void aLargeArchiveGoesInPartsThatGrow() throws Exception {
        Archive archive = new Archive(Files.createDirectory(run.getFolder().resolve("spool")), 4 * MB, Instant.EPOCH);
        Task<Void> writer = Task.start(
                () -> {
                    byte[] block = random(MB);
                    for (int number = 0; number < 3; number++) {
                        try (ArchiveEntryWriter entry = archive.beginStored("entry" + number)) {
                            for (int mb = 0; mb < 30; mb++) {
                                entry.write(block);
                            }
                        }
                    }
                    archive.finish();
                    return null;
                },
                50);

        S3Upload upload = send(SMALL, archive.stream(), 400L * MB);
        writer.get();

        List<CountingS3.Part> parts = server.object();
        long sent = 0;
        for (CountingS3.Part part : parts) {
            assertThat(part.size()).isLessThanOrEqualTo(Math.max(16 * KB, sent / 100));
            sent += part.size();
        }
        assertThat(sent).isEqualTo(archive.stream.bytes()).isGreaterThan(90L * MB);
        assertThat(parts.size()).isBetween(400, 1000);
        assertThat(parts.get(parts.size() - 2).size())
                .isGreaterThan(20 * parts.get(0).size());
        assertThat(upload.sent(KEY).parts().bytes()).isEqualTo(sent);
        assertThat(server.mostUnderWay()).isBetween(2, 4);
        Files.delete(run.getFolder().resolve("spool"));
        assertNothingLeft();
    }

    @Test
    void aPartThatIsRefusedOnceIsSentAgain() throws IOException {
        byte[] content = random(5 * MB);
        server.refuseParts(3);

        S3Upload upload = send(SMALL, new ByteArrayInputStream(content), 0);

        assertThat(server.object().stream().mapToLong(CountingS3.Part::size).sum())
                .isEqualTo(content.length);
        assertThat(upload.sent(KEY).parts().count()).isEqualTo(server.object().size());
        assertNothingLeft();
    }

    @Test
    void whatFitsIntoOnePartIsStoredByOneRequest() throws IOException {
        for (int size : new int[] {0, 1, 16 * KB}) {
            S3Upload upload = send(SMALL, new ByteArrayInputStream(random(size)), 0);
            assertThat(server.object()).hasSize(1);
            assertThat(upload.sent(KEY).parts().eTags())
                    .contains(server.object().get(0).eTag());
        }
        send(SMALL, new ByteArrayInputStream(random(16 * KB + 1)), 0);
        assertThat(server.object()).extracting(CountingS3.Part::size).containsExactly(16L * KB, 1L);
        assertNothingLeft();
    }

    @Test
    void aServerThatWantsEqualPartsGetsThem() throws IOException {
        server.wantEqualParts();

        send(EQUAL, new ByteArrayInputStream(random(20 * MB)), 20 * MB);

        assertThat(server.object()).hasSizeGreaterThan(100);
        assertNothingLeft();
    }

    @Test
    void aServerThatWantsEqualPartsAndGetsOthersIsUnderstood() throws IOException {
        server.wantEqualParts();

        assertThatThrownBy(() -> send(SMALL, new ByteArrayInputStream(random(20 * MB)), 20 * MB))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("400 InvalidPart")
                .hasMessageContaining("S3_EQUAL_PARTS=true");

        assertNothingLeft();
    }

    @Test
    void theCheckFindsOutWhetherPartsMayDiffer() {
        assertThat(checked()).isEmpty();

        server.wantEqualParts();

        assertThat(checked())
                .singleElement()
                .asString()
                .contains("only in parts of one size")
                .contains("S3_EQUAL_PARTS=true");
        assertThat(server.hasOpenUpload()).isFalse();
    }

    private List<String> checked() {
        BucketResults results = new BucketResults("bucket", Stores.translators(settings()));
        try (S3Client client = clients.client()) {
            new PartsCheck(settings(), client, results).check("key");
        }
        return results.all().stream()
                .filter(result -> !result.good())
                .map(CheckResult::line)
                .toList();
    }

    @Test
    void aStreamThatBreaksLeavesNothing() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(random(5 * MB)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the dump broke");
            }
        });

        assertThatThrownBy(() -> send(SMALL, broken, 0)).hasRootCauseMessage("the dump broke");

        assertThat(server.object()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void anArchiveThatIsLargerThanTheServerTakesIsGivenUp() throws IOException {
        PartSizes.Limits tiny = new PartSizes.Limits(16 * KB, 2 * MB, 500, 2 * MB, false);

        assertThatThrownBy(() -> send(tiny, new ByteArrayInputStream(random(3 * MB)), 0))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("S3_LARGEST_OBJECT");
        assertThat(server.object()).isEmpty();
        assertNothingLeft();

        send(tiny, new ByteArrayInputStream(random(2 * MB)), 9 * MB);
        assertThat(server.object()).isNotEmpty();
        assertThat(run.getWarnings()).singleElement().asString().contains("9.0 MB", "beyond 2.0 MB");
    }

    /** Nothing comes from the database, and a part is refused for good, or the backup is cancelled: neither waits for the other. */
    @Test
    void whatEndsTheUploadEndsItWhileTheStreamIsSilent() throws Exception {
        server.refuseParts(Integer.MAX_VALUE);
        assertThatThrownBy(() -> send(SMALL, silentAfter(40 * KB), 0)).hasMessageContaining("500");
        assertNothingLeft();
        server.refuseParts(0);

        Task<Void> stopping = Task.start(
                () -> {
                    Awaitility.await().until(server::hasOpenUpload);
                    run.interrupt(new IOException("cancelled"));
                    return null;
                },
                50);
        Instant begun = Instant.now();
        assertThatThrownBy(() -> send(SMALL, silentAfter(40 * KB), 0)).isInstanceOf(CancellationException.class);
        stopping.get();
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertNothingLeft();
    }

    /** What the server makes of it must be there before it is looked for, and removed. */
    @Test
    void aStopWaitsForTheServerThatIsPuttingThePartsTogether() throws Exception {
        server.takeOverCompleting(Duration.ofSeconds(2));
        Task<Void> stopping = Task.start(
                () -> {
                    Awaitility.await().until(() -> server.events().contains("completing"));
                    run.interrupt(new IOException("cancelled"));
                    return null;
                },
                50);

        assertThatThrownBy(() -> send(SMALL, new ByteArrayInputStream(random(100 * KB)), 0))
                .isInstanceOf(CancellationException.class);

        stopping.get();
        assertThat(server.events()).containsExactly("completing", "completed", "aborted");
    }

    private static InputStream silentAfter(int bytes) throws IOException {
        ArchivePipe pipe = new ArchivePipe();
        pipe.sink().write(random(bytes));
        return pipe.source();
    }

    @Test
    void aDiskWithoutRoomForTwoPartsIsRefusedAtOnce() {
        PartSizes sizes = new PartSizes(SMALL, 400L * MB);
        long part = sizes.largest();

        assertThat(PartRoom.require(work, sizes, MB, 400L * MB, MB + 2 * part).parts(part))
                .isEqualTo(2);
        assertThat(PartRoom.require(work, sizes, MB, 400L * MB, Long.MAX_VALUE).parts(part))
                .isEqualTo(5);
        assertThat(PartRoom.require(work, sizes, 1L << 40, 3 * MB, 3 * MB).parts(16 * KB))
                .as("an archive needs no more room than it has bytes")
                .isGreaterThanOrEqualTo(2);
        assertThatThrownBy(() -> PartRoom.require(work, sizes, MB, 400L * MB, MB + 2 * part - 1))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("BACKUP_SPOOL")
                .hasMessageContaining("WORK_DIR");
    }
}
