package dev.bactrian.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with an archive's files of Storage is found by their list. */
class FileListTest {

    private final Map<String, EntryFacts> entries = new HashMap<>();
    private final Differences differences = new Differences();
    private final FileList list = new FileList(entries, differences);

    @Test
    void filesThatAreWhatTheListSaysAreTakenOut() throws IOException {
        entry("storage/b/x", 3, "aa");
        entry("db/roles.sql", 1, "bb");

        list.compare(json("{\"buckets\":[{\"id\":\"b\"}],\"objects\":[" + line("storage/b/x", 3, "aa")
                + "],\"skew\":[{\"name\":\"y\"}]}"));

        assertThat(differences.all()).isEmpty();
        assertThat(entries).containsOnlyKeys("db/roles.sql");
        assertThat(list.files()).isEqualTo(1);
    }

    @Test
    void missingAndChangedOnesAndThoseThatAreNoFilesAreNamed() throws IOException {
        entry("storage/b/size", 3, "aa");
        entry("storage/b/hash", 3, "aa");
        entry("db/roles.sql", 3, "aa");
        entry("storage/../../up", 3, "aa");

        list.compare(
                json("{\"objects\":[" + line("storage/b/gone", 3, "aa") + "," + line("storage/b/size", 4, "aa") + ","
                        + line("storage/b/hash", 3, "bb") + "," + line("db/roles.sql", 3, "aa") + ","
                        + line("storage/../../up", 3, "aa") + "]}"));

        assertThat(differences.all())
                .containsExactly(
                        "The entry storage/b/gone, the file b/n, is missing.",
                        "The entry storage/b/size, the file b/n, isn't what was saved: its size or its SHA-256 differs.",
                        "The entry storage/b/hash, the file b/n, isn't what was saved: its size or its SHA-256 differs.",
                        "The entry db/roles.sql, the file b/n, is missing.",
                        "The entry storage/../../up, the file b/n, has a name that Bactrian never uses: unpacking it "
                                + "could write anywhere.");
        assertThat(entries).containsOnlyKeys("db/roles.sql");
    }

    @Test
    void aListThatIsNoneIsNamed() throws IOException {
        for (String text : new String[] {"", "[]", "{\"objects\":[{\"entry\":", "no"}) {
            Differences found = new Differences();
            new FileList(entries, found).compare(json(text));
            assertThat(found.all()).as(text).containsExactly("The entry storage/objects.json isn't a list of files.");
        }
    }

    private void entry(String name, long bytes, String sha256) {
        entries.put(name, new EntryFacts(name, bytes, sha256, null));
    }

    private static String line(String entry, long bytes, String sha256) {
        return "{\"bucket_id\":\"b\",\"name\":\"n\",\"entry\":\"" + entry + "\",\"bytes\":" + bytes + ",\"sha256\":\""
                + sha256 + "\"}";
    }

    private static ByteArrayInputStream json(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
