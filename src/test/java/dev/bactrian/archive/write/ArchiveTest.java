package dev.bactrian.archive.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bactrian.archive.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several lanes write one zip at once: nobody may wait for ever, and every zip reader must find every byte. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchiveTest {

    private static final int MB = 1 << 20;
    private static final long ROOM_FOR_ALL = 1L << 40;

    @TempDir
    private Path folder;

    private Path work;
    private Path file;
    private final Map<String, byte[]> written = new ConcurrentHashMap<>();

    @BeforeEach
    void folders() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        file = folder.resolve("archive.zip");
    }

    /** No room at all, room for some, room for all; entries of nothing, of little, and of more than waits in memory. */
    @ParameterizedTest
    @ValueSource(longs = {0, MB + MB / 2, ROOM_FOR_ALL})
    void manyLanesNeverDeadlockAndLoseNothing(long spoolLimit) throws Exception {
        StoredArchive stored = assertTimeoutPreemptively(Duration.ofSeconds(40), () -> {
            Archive archive = new Archive(work, spoolLimit, Instant.EPOCH);
            Task<Void> reader = store(archive);
            List<Task<Void>> lanes = new ArrayList<>();
            for (int lane = 0; lane < 6; lane++) {
                int number = lane;
                lanes.add(start(() -> {
                    Random random = new Random(number);
                    write(archive, "lane" + number + "/empty", new byte[0]);
                    write(archive, "lane" + number + "/large", random(random, MB + MB / 4 + number * 1000));
                    write(archive, "lane" + number + "/one", new byte[] {(byte) number});
                    write(archive, "lane" + number + "/text", text(random, MB));
                    write(archive, "lane" + number + "/small", random(random, 70_000));
                    return null;
                }));
            }
            for (Task<Void> lane : lanes) {
                lane.get();
            }
            archive.finish();
            reader.get();
            return archive.stored("key");
        });

        assertThat(stored.size()).isEqualTo(Files.size(file));
        assertThat(stored.sha256()).isEqualTo(sha256(Files.readAllBytes(file)));
        assertEveryEntryIsRight();
        assertThat(files(work)).as("what waited is gone").isEmpty();
    }

    @Test
    void anArchiveWithoutEntriesIsAZip() throws Exception {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        Task<Void> reader = store(archive);
        archive.finish();
        reader.get();

        assertEveryEntryIsRight();
    }

    @Test
    void infoZipFindsNoFaultInEntriesOfEveryKind() throws Exception {
        Path unzip = Path.of("/usr/bin/unzip");
        assumeTrue(Files.isExecutable(unzip), "unzip isn't installed");
        writeOfEveryKind();

        Process process = new ProcessBuilder(unzip.toString(), "-t", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("No errors detected");
        assertThat(output.lines().filter(line -> line.endsWith("OK"))).hasSize(written.size());
    }

    /** Each program reads the local headers in its own way: this one goes from front to back. */
    @Test
    void theArchiveCanBeReadFromFrontToBackToo() throws Exception {
        writeOfEveryKind();

        int found = 0;
        try (var in = new ZipArchiveInputStream(Files.newInputStream(file))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(in.readAllBytes()).as(entry.getName()).isEqualTo(written.get(entry.getName()));
                found++;
            }
        }
        assertThat(found).isEqualTo(written.size());
    }

    @Test
    void anEntryTellsItsOwnSizeAndHash() throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.EPOCH);
        Task<Void> reader = store(archive);
        byte[] content = random(new Random(1), 3 * MB);
        for (int length : new int[] {0, 1, 1000, content.length}) {
            ArchiveEntryWriter entry = archive.begin("e" + length);
            assertThatIllegalStateException().isThrownBy(entry::sha256);
            entry.write(content, 0, length);
            entry.close();
            entry.close();

            assertThat(entry.bytes()).isEqualTo(length);
            assertThat(entry.sha256()).isEqualTo(sha256(Arrays.copyOf(content, length)));
            assertThat(entry.name()).isEqualTo("e" + length);
        }
        archive.finish();
        reader.get();
    }

    @Test
    void aNameIsTakenOnlyOnce() {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        archive.begin("a");

        assertThatIllegalStateException()
                .isThrownBy(() -> archive.begin("a"))
                .withMessageContaining("has an entry a already");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 3 * MB})
    void anArchiveWithAnOpenEntryIsNotFinished(int size) throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.EPOCH);
        Task<Void> reader = store(archive);
        ArchiveEntryWriter open = archive.begin("open");
        open.write(random(new Random(1), size));

        assertThatIllegalStateException().isThrownBy(archive::finish).withMessageContaining("still open");

        open.close();
        archive.finish();
        reader.get();
    }

    @Test
    void anArchiveIsNotFinishedWhileOneEntryWaitsForAnother() throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.EPOCH);
        Task<Void> reader = store(archive);
        ArchiveEntryWriter straight = archive.begin("straight");
        straight.write(random(new Random(1), 2 * MB));
        archive.begin("waiting").close();

        assertThatIllegalStateException().isThrownBy(archive::finish);

        straight.close();
        archive.finish();
        reader.get();
    }

    @Test
    void anAbandonedArchiveFreesEveryLaneAndItsReaderWithTheReason() throws Exception {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        Task<byte[]> reader = start(() -> archive.stream().readNBytes(100));
        ArchiveEntryWriter straight = archive.begin("straight");
        straight.write(random(new Random(1), 2 * MB));
        reader.get();
        Task<Void> full = start(() -> {
            while (true) {
                straight.write(random(new Random(1), MB));
            }
        });
        Task<Void> noRoom = start(() -> {
            archive.begin("no-room").write(random(new Random(2), 2 * MB));
            return null;
        });
        full.awaitWaiting();
        noRoom.awaitWaiting();

        archive.abandon(new IOException("table \"a\" is gone"));

        for (Task<Void> lane : List.of(full, noRoom)) {
            assertThatThrownBy(lane::get)
                    .hasCauseInstanceOf(IOException.class)
                    .hasStackTraceContaining("The archive was abandoned: table \"a\" is gone");
        }
        assertThatThrownBy(() -> archive.stream().readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("abandoned");
        assertThatThrownBy(archive::finish).isInstanceOf(IOException.class).hasMessageContaining("abandoned");
    }

    @Test
    void aReaderThatWaitsLearnsOfTheEndOfAnAbandonedArchive() throws Exception {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        Task<byte[]> reader = start(() -> archive.stream().readAllBytes());
        reader.awaitWaiting();

        archive.abandon(new IOException("x"));

        assertThatThrownBy(reader::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void anEntryOfAnAbandonedArchiveCannotBeEnded() throws Exception {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        ArchiveEntryWriter entry = archive.begin("a");
        archive.abandon(new IOException("x"));

        assertThatThrownBy(entry::close).isInstanceOf(IOException.class);
    }

    /** Whoever stores the archive must not take the end of a broken one for the end of a whole one. */
    @Test
    void anArchiveWhoseEndCannotBeWrittenNeverLooksWhole() throws Exception {
        Archive archive = new Archive(work, 0, Instant.EPOCH);
        AtomicBoolean finishing = new AtomicBoolean();
        String longName = "n".repeat(60_000);
        Task<Void> writer = start(() -> {
            for (int i = 0; i < 100; i++) {
                archive.begin(longName + i).close();
            }
            finishing.set(true);
            archive.finish();
            return null;
        });
        InputStream stream = archive.stream();
        byte[] buffer = new byte[8192];
        // The pipe stays full, until the writer waits with the archive's end.
        while (true) {
            writer.awaitWaiting();
            if (finishing.get()) {
                break;
            }
            assertThat(stream.read(buffer)).isPositive();
        }
        writer.thread().interrupt();
        assertThatThrownBy(writer::get).hasCauseInstanceOf(IOException.class);

        assertThatThrownBy(() -> stream.transferTo(OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class);
    }

    /** A lane that has spooled and then goes straight no longer waits in the work folder: its share is free again. */
    @Test
    void roomThatALaneNoLongerNeedsIsGivenBack() throws Exception {
        Archive archive = new Archive(work, 2 * MB, Instant.EPOCH);
        Task<Void> reader = store(archive);
        byte[] content = random(new Random(3), MB + MB / 4);
        for (int round = 0; round < 2; round++) {
            ArchiveEntryWriter straight = archive.begin("straight" + round);
            straight.write(content);
            ArchiveEntryWriter spooled = archive.begin("spooled" + round);
            start(() -> {
                        spooled.write(content);
                        return null;
                    })
                    .get();
            straight.close();
            spooled.write(content);
            spooled.close();
        }
        archive.finish();
        reader.get();
    }

    /** A table of hours goes straight; meanwhile thousands of small ones end, and none of them may stay in memory. */
    @Test
    void smallEntriesThatWaitDoNotFillTheMemory() throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.EPOCH);
        Task<Void> reader = store(archive);
        byte[] content = random(new Random(4), MB - MB / 8);
        ArchiveEntryWriter straight = archive.begin("straight");
        straight.write(random(new Random(5), 2 * MB));
        int count = 30;
        for (int i = 0; i < count; i++) {
            write(archive, "small" + i, content);
        }

        long onDisk = 0;
        for (Path waiting : files(work)) {
            onDisk += Files.size(waiting);
        }
        assertThat((long) count * content.length - onDisk).as("bytes in memory").isLessThan(20 * MB);

        straight.close();
        archive.finish();
        reader.get();
        written.put("straight", random(new Random(5), 2 * MB));
        assertEveryEntryIsRight();
        assertThat(files(work)).isEmpty();
    }

    @Test
    void smallEntriesThatWaitKeepToTheSpoolsLimitToo() throws Exception {
        Archive archive = new Archive(work, 2 * MB, Instant.EPOCH);
        Task<Void> reader = store(archive);
        byte[] content = random(new Random(4), MB - MB / 8);
        ArchiveEntryWriter straight = archive.begin("straight");
        straight.write(random(new Random(5), 2 * MB));
        Task<Void> lane = start(() -> {
            for (int i = 0; i < 30; i++) {
                write(archive, "small" + i, content);
            }
            return null;
        });
        lane.awaitWaiting();
        long onDisk = 0;
        for (Path waiting : files(work)) {
            onDisk += Files.size(waiting);
        }
        assertThat(onDisk).isLessThanOrEqualTo(2 * MB);

        straight.close();
        lane.get();
        archive.finish();
        reader.get();
        written.put("straight", random(new Random(5), 2 * MB));
        assertEveryEntryIsRight();
    }

    /** Most tables are tiny: what one of them holds on to while it waits counts more than its rows. */
    @Test
    void tinyEntriesThatWaitCostLittle() throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.EPOCH);
        Task<Void> reader = store(archive);
        ArchiveEntryWriter straight = archive.begin("straight");
        straight.write(random(new Random(5), 2 * MB));
        long before = usedHeap();
        for (int i = 0; i < 2_000; i++) {
            write(archive, "tiny" + i, new byte[] {1});
        }

        assertThat(usedHeap() - before).isLessThan(40 * MB);

        straight.close();
        archive.finish();
        reader.get();
    }

    private void writeOfEveryKind() throws Exception {
        Archive archive = new Archive(work, ROOM_FOR_ALL, Instant.now());
        Task<Void> reader = store(archive);
        ArchiveEntryWriter straight = archive.begin("straight");
        byte[] large = random(new Random(1), 3 * MB);
        straight.write(large, 0, 2 * MB);
        write(archive, "appended/empty", new byte[0]);
        write(archive, "appended/small", "x".getBytes(UTF_8));
        write(archive, "appended/large", random(new Random(2), 3 * MB));
        straight.write(large, 2 * MB, MB);
        straight.close();
        written.put("straight", large);
        write(archive, "db/s%C3%A4/tables/%2E%2E/data.sql", "rows".getBytes(UTF_8));
        write(archive, "alone/empty", new byte[0]);
        archive.finish();
        reader.get();
    }

    private void assertEveryEntryIsRight() throws IOException {
        try (var zip = new java.util.zip.ZipFile(file.toFile())) {
            assertThat(zip.stream().map(java.util.zip.ZipEntry::getName))
                    .containsExactlyInAnyOrderElementsOf(written.keySet());
            for (var entry : Collections.list(zip.entries())) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                assertThat(Arrays.equals(content, written.get(entry.getName())))
                        .as(entry.getName())
                        .isTrue();
                assertThat(entry.getSize()).isEqualTo(content.length);
                assertThat(entry.getCrc()).isEqualTo(crc(content));
            }
        }
        try (var zip = org.apache.commons.compress.archivers.zip.ZipFile.builder()
                .setPath(file)
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            assertThat(entries).hasSameSizeAs(written.keySet());
            for (ZipArchiveEntry entry : entries) {
                assertThat(Arrays.equals(zip.getInputStream(entry).readAllBytes(), written.get(entry.getName())))
                        .as(entry.getName())
                        .isTrue();
            }
        }
    }

    private void write(Archive archive, String name, byte[] content) throws IOException {
        written.put(name, content);
        try (ArchiveEntryWriter entry = archive.begin(name)) {
            for (int at = 0; at < content.length; ) {
                int length = Math.min(content.length - at, 50_000);
                entry.write(content, at, length);
                at += length;
            }
        }
    }

    private Task<Void> store(Archive archive) {
        return start(() -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                archive.stream().transferTo(out);
            }
            return null;
        });
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static <T> Task<T> start(Callable<T> work) {
        return Task.start(work, 15);
    }
}
