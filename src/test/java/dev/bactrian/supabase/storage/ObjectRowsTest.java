package dev.bactrian.supabase.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.EntryNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files are called in an archive: each by a name of its own, which no unpacking can lead astray. */
class ObjectRowsTest {

    @Test
    void aFileAndAFolderOfTheSameNameLieBesideEachOther() {
        assertThat(entries("a", "a-x", "a.b", "a/b", "a/b/c", "a/d/e", "ab"))
                .containsExactly("a", "a-x", "a.b", "a%2Fb", "a%2Fb%2Fc", "a%2Fd/e", "ab");
    }

    @ParameterizedTest
    @CsvSource({
        "a//b, a%2F%2Fb",
        "/a, %2Fa",
        "a/, a%2F",
        "//, %2F%2F",
        "../../etc, %2E./%2E./etc",
        ".hidden/x, %2Ehidden/x",
        "100% of #1?.txt, 100%25%20of%20%231%3F.txt",
        "%2F, %252F",
        "ü/☀, %C3%BC/%E2%98%80"
    })
    void oddNamesAreEncoded(String name, String entry) {
        assertThat(entries(name)).containsExactly(entry);
    }

    @Test
    void aBucketOfTheListsNameHasItsFolderBesideTheList() {
        assertThat(EntryNames.storageFile("objects.json", "x", name -> false)).isEqualTo("storage/objects%2Ejson/x");
    }

    @Test
    void noTwoNamesMakeOneEntryNorAFileAFolder() {
        List<String> names = new ArrayList<>();
        String letters = "a/.%";
        for (int n = 0; n < 1 << 12; n++) {
            StringBuilder name = new StringBuilder();
            for (int rest = n; rest > 0; rest >>= 2) {
                name.append(letters.charAt(rest & 3));
            }
            names.add(name + "a");
        }
        String[] distinct = names.stream().distinct().toArray(String[]::new);

        List<String> entries = entries(distinct);

        Set<String> seen = new HashSet<>(entries);
        assertThat(seen).hasSameSizeAs(entries);
        assertThat(entries).allSatisfy(entry -> {
            assertThat(EntryNames.isSafe("storage/bucket/" + entry)).as(entry).isTrue();
            for (int slash = entry.indexOf('/'); slash >= 0; slash = entry.indexOf('/', slash + 1)) {
                assertThat(seen).doesNotContain(entry.substring(0, slash));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "IMAGE/JPEG; q=1",
                "video/mp4",
                "audio/mpeg",
                "application/zip",
                "application/pdf",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            })
    void whatIsCompressedAlreadyIsStored(String type) {
        assertThat(typed(type).isCompressed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"image/svg+xml", "image/bmp", "audio/wav", "audio/x-wav", "text/html", "application/json", ""})
    void whatIsNotIsCompressed(String type) {
        assertThat(typed(type).isCompressed()).isFalse();
    }

    private static StorageObject typed(String type) {
        return new ObjectRows(List.of(row("x", "{\"metadata\":{\"mimetype\":\"" + type + "\"}}"))
                        .iterator())
                .next();
    }

    /** As PostgreSQL orders them: by bytes. */
    private static List<String> entries(String... names) {
        List<Map<String, Object>> rows = Arrays.stream(names)
                .sorted((one, other) -> Arrays.compareUnsigned(
                        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)))
                .map(name -> row(name, "{}"))
                .toList();
        List<String> entries = new ArrayList<>();
        new ObjectRows(rows.iterator())
                .forEachRemaining(object -> entries.add(object.entry().substring("storage/bucket/".length())));
        return entries;
    }

    private static Map<String, Object> row(String name, String json) {
        return Map.of("bucket_id", "bucket", "name", name, "row", json);
    }
}
