package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What an ended backup must leave behind: a row that tells the truth, and beside it nothing that nobody asked for. */
public record Aftermath(TestDatabase control, TestStore store, Path workDir) {

    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The failed backup's row says why, and nothing of it is left: not in the store, the server, the system, the disk. */
    public void assertNothingLeft(String id, TestDatabase source, String... words) {
        assertFailedRow(id, words);
        assertThat(row(id).get("s3_key")).as("key of what is gone").isNull();
        assertStoreHoldsOnlyGoodBackups();
        assertNothingRuns(source);
    }

    /** Status, phase and reason alone: for a backup whose store can't be reached yet. */
    void assertFailedRow(String id, String... words) {
        Map<String, Object> row = row(id);
        assertThat(row.get("status")).as(row.toString()).isEqualTo("failed");
        assertThat(row.get("phase")).isNull();
        assertThat(row.get("finished_at")).isNotNull();
        assertThat(row.get("size_bytes")).isNull();
        String text = String.valueOf(row.get("error_text"));
        assertThat(text).containsIgnoringCase("nothing was stored").doesNotContain(TestStore.SECRET);
        assertThat(text).doesNotContain(BactrianService.API_KEY);
        for (String word : words) {
            assertThat(text).containsIgnoringCase(word);
        }
    }

    /** The backup is good, its archive and manifest are stored, and nothing else is left of it. */
    public void assertSucceeded(String id, TestDatabase source) {
        Map<String, Object> row = row(id);
        assertThat(row.get("status")).as(row.toString()).isEqualTo("success");
        assertThat(row.get("phase")).isNull();
        assertThat(row.get("error_text")).isNull();
        assertThat(row.get("s3_key")).isNotNull();
        assertThat(row.get("size_bytes")).isNotNull();
        assertStoreHoldsOnlyGoodBackups();
        assertNothingRuns(source);
    }

    public Map<String, Object> row(String id) {
        return control.jdbc().queryForMap("SELECT * FROM backup_history WHERE id = ?::uuid", id);
    }

    /** Every object belongs to a success, every success has its objects, and whatever is called latest is a success. */
    void assertStoreHoldsOnlyGoodBackups() {
        assertThat(store.danglingUploads()).as("unfinished uploads").isEmpty();
        List<String> archives =
                control.jdbc().queryForList("SELECT s3_key FROM backup_history WHERE status = 'success'", String.class);
        Map<Boolean, List<String>> keys =
                store.keys().stream().collect(Collectors.partitioningBy(key -> key.startsWith("backups/latest/")));
        assertThat(keys.get(false))
                .as("objects in the store")
                .containsExactlyInAnyOrderElementsOf(archives.stream()
                        .flatMap(key -> Stream.of(key, key.substring(0, key.lastIndexOf('/')) + "/manifest.json"))
                        .toList());
        // Copies come before the manifest that says whose they are, and go after it.
        assertThat(archives.stream().map(Aftermath::ownName))
                .containsAll(keys.get(true).stream()
                        .filter(key -> key.endsWith(".zip"))
                        .map(Aftermath::ownName)
                        .toList());
        // The latest is named a moment after the row says success: it may be read while it is written.
        Awaitility.await("latest manifests that can be read")
                .atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(archives)
                        .containsAll(keys.get(true).stream()
                                .filter(key -> key.endsWith(".json"))
                                .map(this::archiveOf)
                                .toList()));
    }

    /** The end of a key that an archive shares with its copy. */
    private static String ownName(String key) {
        return key.substring(key.lastIndexOf('/', key.lastIndexOf('/') - 1) + 1);
    }

    private String archiveOf(String manifest) {
        try {
            return Objects.requireNonNull(ManifestJson.mapper()
                            .readValue(store.download(manifest).toFile(), Manifest.class)
                            .archive())
                    .key();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No program of this service runs, its work folder is empty, and the server has got no session of it. */
    void assertNothingRuns(TestDatabase source) {
        assertThat(programs()).as("programs of PostgreSQL that still run").isEmpty();
        assertThat(workFiles()).as("work folder").isEmpty();
        if (source != null) {
            Awaitility.await("the end of the sessions in " + source.name())
                    .atMost(SOON)
                    .until(() -> sessions(source), List::isEmpty);
        }
    }

    static List<String> sessions(TestDatabase source) {
        return source.jdbc()
                .queryForList(
                        "SELECT concat_ws(' ', pid, state, wait_event, left(query, 80)) FROM pg_stat_activity"
                                + " WHERE datname = ? AND application_name IN ('bactrian', 'pg_dump', 'pg_dumpall')",
                        String.class,
                        source.name());
    }

    /** Running programs that were called with a path into the work folder, as all of a backup's are. */
    List<String> programs() {
        if (!Files.isDirectory(PROCESSES)) {
            return ProcessHandle.allProcesses()
                    .map(process -> process.info().commandLine().orElse(""))
                    .filter(line -> line.contains(workDir.toString()))
                    .toList();
        }
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return processes
                    .map(process -> read(process.resolve("cmdline")))
                    .filter(line ->
                            line.contains(workDir.toString()) && (line.contains("pg_") || line.contains("psql")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException e) {
            // Not a process, or one that has just ended.
            return "";
        }
    }

    /** All but the folder and the lock of the one process that lives. */
    List<Path> workFiles() {
        try (Stream<Path> files = Files.walk(workDir)) {
            List<Path> found = files.map(workDir::relativize)
                    .filter(path -> !path.toString().isEmpty())
                    .filter(path -> !(path.getNameCount() == 2 && path.endsWith("lock")))
                    .toList();
            return found.size() == 1 && found.get(0).getNameCount() == 1 ? List.of() : found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
