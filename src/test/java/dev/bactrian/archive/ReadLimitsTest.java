package dev.bactrian.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.read.ArchiveReader;
import dev.bactrian.archive.read.ArchiveSource;
import dev.bactrian.archive.read.SavedList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What comes with an archive is read up to a limit, which the message names, and no further. */
class ReadLimitsTest {

    private static final long GIB = 1L << 30;

    private record Bytes(byte[] bytes) implements ArchiveSource {
        @Override
        public String name() {
            return "bytes";
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream read(long from, long length) {
            return new ByteArrayInputStream(bytes, (int) from, (int) length);
        }
    }

    private static ArchiveSource zip(int entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < entries; i++) {
                zip.putNextEntry(new ZipEntry("db/" + i));
                zip.write(i);
            }
        }
        return new Bytes(out.toByteArray());
    }

    private static ReadLimits entries(long most) {
        return new ReadLimits(1000, 1000, most, 1000);
    }

    @Test
    void aTypicalMachineReadsAHundredThousandTablesAndALargeOneTenMillionFiles() {
        assertThat(ReadLimits.of(2 * GIB).manifestBytes()).isGreaterThan(100_000 * 700L);
        assertThat(ReadLimits.of(2 * GIB).manifestTokens()).isGreaterThan(100_000 * 30L);
        assertThat(ReadLimits.of(7 * GIB).entries()).isGreaterThan(10_000_000);
        assertThat(ReadLimits.of(64 * GIB).manifestBytes()).isLessThan(Integer.MAX_VALUE);
    }

    /** More than the tail that is fetched first, too. */
    @Test
    void aZipWithMoreEntriesThanTheLimitIsRefusedAndOneWithLessIsRead() throws IOException {
        for (int count : new int[] {3, 5_000}) {
            ArchiveSource zip = zip(count);
            assertThat(ArchiveReader.open(zip, entries(count)).names())
                    .hasSize(count)
                    .contains("db/0");
            assertThat(ArchiveReader.open(zip, entries(count)).open("db/2").readAllBytes())
                    .containsExactly(2);
            assertThatThrownBy(() -> ArchiveReader.open(zip, entries(count - 1)))
                    .isInstanceOf(DamagedArchiveException.class)
                    .hasMessageContaining("more than the limit of " + (count - 1) + " entries", "-Xmx");
        }
    }

    @Test
    void aZipWhoseEndTellsSomethingElseIsRefused() throws IOException {
        byte[] good = ((Bytes) zip(3)).bytes();
        for (int at = good.length - 12; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertThatThrownBy(() -> ArchiveReader.open(new Bytes(bad)))
                    .as("byte %d from the end", good.length - at)
                    .isInstanceOf(DamagedArchiveException.class);
        }
        for (int length = 0; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThatThrownBy(() -> ArchiveReader.open(new Bytes(cut))).isInstanceOf(DamagedArchiveException.class);
        }
    }

    @Test
    void aManifestIsReadUpToItsLimit() throws IOException {
        ReadLimits limits = new ReadLimits(100, 1000, 10, 1000);
        ManifestText texts = new ManifestText(limits);

        assertThat(texts.read(new ByteArrayInputStream(new byte[100]))).hasSize(100);
        assertThat(texts.read(null)).isNull();
        assertThatThrownBy(() -> texts.read(new Endless()))
                .isInstanceOf(DamagedArchiveException.class)
                .hasMessageContaining("larger than the limit of 100 B", "-Xmx");
        assertThatThrownBy(() -> texts.read("x".repeat(101))).isInstanceOf(DamagedArchiveException.class);
    }

    private static final class Endless extends InputStream {
        private int count;

        @Override
        public int read() {
            assertThat(++count).isLessThan(100_000);
            return ' ';
        }
    }

    @Test
    void aManifestThatIsDeepOrNamesThingsTwiceIsRefused() {
        for (String json : new String[] {
            "{\"format_version\": 1, \"tables\": " + "[".repeat(100) + "]".repeat(100) + "}",
            "{\"format_version\": 1, \"tables\": [], \"tables\": []}",
            "{\"format_version\": 1, \"backup_id\": \"" + "x".repeat(2_000_000) + "\"}",
            "{\"format_version\": " + (ManifestFormat.NEWEST + 1) + "}",
            "{}",
            "[]",
            ""
        }) {
            assertThatThrownBy(() -> ManifestText.parse(json, "in it"))
                    .as(json.substring(0, Math.min(60, json.length())))
                    .isInstanceOf(DamagedArchiveException.class);
        }
    }

    @Test
    void manifestsAreTheSameButForWhatIsOfOneAlone() throws IOException {
        String one = "{\"a\": [1, {\"archive\": 2}], \"signature\": {\"x\": 1}}";

        assertThat(ManifestText.same(one, "{\"a\":[1,{\"archive\":2}],\"archive\":{\"key\":[{}]},\"signature\":3}"))
                .isTrue();
        assertThat(ManifestText.same(one, "{\"a\": [1, {\"archive\": 3}]}")).isFalse();
        assertThat(ManifestText.same(one, "{\"a\": [1, {}]}")).isFalse();
        assertThat(ManifestText.same(one, "{\"b\": [1, {\"archive\": 2}]}")).isFalse();
        assertThat(ManifestText.same(one, "{\"a\": [1, {\"archive\": 2}], \"b\": null}"))
                .isFalse();
        assertThatThrownBy(() -> ManifestText.same(one, "{\"a\": [1, {\"archive\": 2}]"))
                .isInstanceOf(DamagedArchiveException.class);
    }

    @Test
    void oneFileOfAListIsReadUpToItsLimit() throws IOException {
        ReadLimits limits = new ReadLimits(1000, 1000, 1000, 1000);
        String list = "{\"format_version\": 1, \"objects\": [{\"name\": \"a\"}, {\"name\": \"" + "b".repeat(100_000)
                + "\"}], \"skew\": []}";
        try (SavedList files = new SavedList(in(list), limits)) {
            assertThatThrownBy(() -> {
                        while (files.read() != null) {
                            assertThat(files).isNotNull();
                        }
                    })
                    .isInstanceOf(DamagedArchiveException.class)
                    .hasMessageContaining("a member of storage/objects.json is larger than");
        }
        StringBuilder many = new StringBuilder("{\"format_version\": 1, \"objects\": [{}");
        for (int i = 0; i < 50_000; i++) {
            many.append(", {\"name\": \"file ").append(i).append("\"}");
        }
        try (SavedList files = new SavedList(in(many + "], \"skew\": []}"), limits)) {
            int count = 0;
            while (files.read() != null) {
                count++;
            }
            assertThat(count).isEqualTo(50_001);
        }
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
