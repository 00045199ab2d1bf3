package dev.bactrian.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Crc32;
import dev.bactrian.support.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Entries that one archive takes over from another: both are zips, whoever reads them, and each stands alone. */
@Timeout(60)
class ReusedRunTest {

    private static final int MB = 1 << 20;
    private static final String KEY = "backups/archive/before.zip";

    @TempDir
    private Path folder;

    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private final Map<String, EntryPlace> places = new LinkedHashMap<>();
    private byte[] before;

    /** Entries that went straight, that waited in memory or in a file, that are empty or stored. */
    @BeforeEach
    void anArchive() throws Exception {
        Random random = new Random(18);
        for (int i = 0; i < 12; i++) {
            byte[] content = new byte[i == 3 ? 0 : i % 3 == 0 ? 3 * MB : 1000 * i];
            random.nextBytes(content);
            contents.put("db/ä/tables/t" + i + "/data.sql", content);
        }
        Archive archive = new Archive(Files.createDirectory(folder.resolve("before")), MB, Instant.now());
        CompletableFuture<byte[]> reader = read(archive.stream());
        for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
            try (ArchiveEntryWriter writer = archive.begin(entry.getKey())) {
                writer.write(entry.getValue());
            }
        }
        archive.finish();
        before = reader.get();
        contents.keySet().forEach(name -> places.put(name, archive.place(name)));
    }

    @Test
    void placesFollowEachOtherAndKnowTheirBytes() {
        long end = 0;
        for (EntryPlace place : places.values()) {
            assertThat(place.offset()).isEqualTo(end);
            assertThat(place.crc32()).isEqualTo(crc(before, place.offset(), place.length()));
            end = place.end();
        }
        StoredRange all = run(List.copyOf(contents.keySet())).range();
        assertThat(all).isEqualTo(new StoredRange(KEY, 0, end, crc(before, 0, end)));
    }

    @Test
    void theCrcOfPiecesIsThatOfAll() {
        for (int cut : new int[] {0, 1, 5, 1000, before.length - 1, before.length}) {
            assertThat(Crc32.combine(crc(before, 0, cut), crc(before, cut, before.length - cut), before.length - cut))
                    .isEqualTo(crc(before, 0, before.length));
        }
    }

    @Test
    void whatIsTakenOverIsReadAsAnyOther() throws Exception {
        byte[] after = archive(false, before);

        assertIsWhole(after);
    }

    @Test
    void whatIsPassedOverIsOnlyCounted() throws Exception {
        byte[] after = archive(true, before);

        assertIsWhole(after);
    }

    /** One archive's entries may be taken over again and again. */
    @Test
    void anArchiveOfTakenOverEntriesKnowsTheirPlaces() throws Exception {
        Archive archive = new Archive(Files.createDirectory(folder.resolve("places")), MB, Instant.now());
        CompletableFuture<byte[]> reader = read(archive.stream());
        List<String> names = List.copyOf(contents.keySet()).subList(4, 9);
        run(names).addTo(archive, this::open);
        archive.finish();
        byte[] after = reader.get();

        for (String name : names) {
            EntryPlace place = archive.place(name);
            assertThat(place.crc32()).isEqualTo(crc(after, place.offset(), place.length()));
            assertThat(place.length()).isEqualTo(places.get(name).length());
        }
    }

    @Test
    void bytesThatChangedAreNoArchivesBytes() {
        byte[] damaged = before.clone();
        damaged[before.length / 2] ^= 1;

        assertThatThrownBy(() -> archive(false, damaged))
                .rootCause()
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(KEY)
                .hasMessageContaining("BACKUP_UNCHANGED=off");
        assertThatThrownBy(() -> archive(false, Arrays.copyOf(before, before.length / 2)))
                .rootCause()
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void aFormThatEntriesDoNotHaveHereIsRefused() throws Exception {
        Archive archive = new Archive(Files.createDirectory(folder.resolve("other")), MB, Instant.now());
        EntryPlace place = places.get("db/ä/tables/t1/data.sql");
        EntryPlace longer = new EntryPlace(
                place.offset(), place.length() + 4, place.crc32(), place.compressed(), place.contentCrc32());

        assertThatThrownBy(() ->
                        new ReusedRun(KEY, List.of(new ReusedRun.Entry("x", longer, 1, ""))).addTo(archive, this::open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("x would have");
    }

    private byte[] archive(boolean passes, byte[] stored) throws Exception {
        Archive archive = new Archive(
                Files.createDirectories(folder.resolve("after-" + System.nanoTime())), 10 * MB, Instant.now());
        CompletableFuture<byte[]> reader = passes ? readPassing(archive) : read(archive.stream());
        reader.whenComplete((bytes, failure) -> {
            if (failure != null) {
                archive.abandon(failure);
            }
        });
        RangeOpener opener = range -> new ByteArrayInputStream(stored, (int) range.offset(), stored.length);
        List<String> names = List.copyOf(contents.keySet());
        try {
            run(names.subList(0, 2)).addTo(archive, opener);
            run(names.subList(3, 8)).addTo(archive, opener);
            for (String own : List.of(names.get(2), names.get(8), names.get(9))) {
                try (ArchiveEntryWriter writer = archive.begin(own)) {
                    writer.write(contents.get(own));
                }
            }
            run(names.subList(10, 12)).addTo(archive, opener);
            archive.finish();
        } catch (IOException e) {
            archive.abandon(e);
            // The reader's failure says more, where it has one.
        }
        byte[] after = reader.get();
        assertThat(archive.stream.bytes()).isEqualTo(after.length);
        assertThat(archive.stream.isPassedOver()).isEqualTo(passes);
        assertThat(Long.parseLong(archive.stream.crc32(), 16)).isEqualTo(crc(after, 0, after.length));
        return after;
    }

    private void assertIsWhole(byte[] zip) throws Exception {
        Path file = Files.write(folder.resolve("after.zip"), zip);
        try (ZipFile directory = ZipFile.builder().setPath(file).get()) {
            for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
                try (InputStream in = directory.getInputStream(directory.getEntry(entry.getKey()))) {
                    assertThat(in.readAllBytes()).isEqualTo(entry.getValue());
                }
            }
        }
        List<String> read = new ArrayList<>();
        try (ZipArchiveInputStream in = new ZipArchiveInputStream(new ByteArrayInputStream(zip), "UTF-8", false)) {
            for (ZipArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(in.readAllBytes()).isEqualTo(contents.get(entry.getName()));
                read.add(entry.getName());
            }
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(contents.keySet());
        Process unzip = new ProcessBuilder("unzip", "-tq", file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(unzip.waitFor()).isZero();
    }

    private ReusedRun run(List<String> names) {
        return new ReusedRun(
                KEY,
                names.stream()
                        .map(name -> new ReusedRun.Entry(
                                name, places.get(name), contents.get(name).length, sha256(contents.get(name))))
                        .toList());
    }

    private InputStream open(StoredRange range) {
        return new ByteArrayInputStream(before, (int) range.offset(), (int) range.length());
    }

    private static CompletableFuture<byte[]> read(InputStream in) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** As an upload does it that has ranges copied inside the store. */
    private CompletableFuture<byte[]> readPassing(Archive archive) {
        return CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1000];
            try {
                while (true) {
                    StoredRange range = archive.stream.range();
                    if (range != null) {
                        out.write(before, (int) range.offset(), (int) range.length());
                        archive.stream.pass(range);
                        continue;
                    }
                    int count = archive.stream.read(buffer, 0, buffer.length);
                    if (count < 0) {
                        return out.toByteArray();
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static long crc(byte[] bytes, long offset, long length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, (int) offset, (int) length);
        return crc.getValue();
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.begin().digest(bytes));
    }
}
