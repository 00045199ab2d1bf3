package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.Reusable;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** BACKUP_UNCHANGED=reuse: what hasn't changed is taken from the last archive, and what comes of it is as whole as any other. */
class UnchangedTablesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final int TABLES = 8;

    private TestStore store;
    private TestDatabase source;
    private TestDatabase control;

    /** Random bytes, so that archives are large enough to have something copied. */
    @BeforeEach
    void start() {
        store = TestStore.start();
        control = SERVER.createDatabase();
        source = SERVER.createDatabase();
        source.run("CREATE TYPE mood AS ENUM ('glad', 'sad')");
        for (int i = 0; i < TABLES; i++) {
            source.run(
                    "CREATE TABLE t" + i + " (id int PRIMARY KEY, note text, m mood)",
                    "INSERT INTO t" + i + " SELECT n, (SELECT string_agg(md5((n * 100 + k + " + i
                            + ")::text), '') FROM generate_series(1, 30) k), 'glad' FROM generate_series(1, 1500) n");
        }
        source.run("CREATE TABLE empty (id int)", "CREATE TABLE loads (id int, what regclass)");
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private BactrianService service(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SERVER.settings(source));
        all.put("BACKUP_UNCHANGED", "reuse");
        all.putAll(settings);
        return BactrianService.start(all, control, store);
    }

    private static Reusable reusable(BactrianService service, JsonNode row) {
        Manifest.Stored stored = service.manifest(row.path("id").asText()).archive();
        return Objects.requireNonNull(Objects.requireNonNull(stored).reusable(), "reusable");
    }

    @Test
    void whatHasNotChangedIsTakenOver() {
        try (BactrianService service = service(Map.of())) {
            JsonNode first = service.goodBackUp();
            assertThat(reusable(service, first).from()).isEmpty();
            source.run(
                    "UPDATE t3 SET note = 'x' WHERE id = 7",
                    "DELETE FROM t5 WHERE id = 1",
                    "INSERT INTO empty VALUES (1)");
            Map<String, Long> digests = source.contentDigests();

            JsonNode second = service.goodBackUp();

            Reusable reusable = reusable(service, second);
            assertThat(reusable.from())
                    .hasSize(TABLES - 2)
                    .containsValue(first.path("id").asText())
                    .containsKey("db/public/tables/t0/data.sql")
                    .doesNotContainKeys("db/public/tables/t3/data.sql", "db/public/tables/t5/data.sql");
            assertThat(reusable.since()).isEqualTo(1);
            assertThat(service.manifest(second.path("id").asText()).formatVersion())
                    .isEqualTo(3);
            assertThat(second.path("bytes_done").asLong())
                    .isGreaterThanOrEqualTo(first.path("bytes_done").asLong());
            // Each stands alone.
            store.delete(first.path("s3_key").asText());
            assertRestored(second, digests);
            assertVerified(second);

            JsonNode third = service.goodBackUp();
            assertThat(reusable(service, third).from()).hasSize(TABLES + 1);
            assertThat(reusable(service, third).from().values())
                    .contains(first.path("id").asText(), second.path("id").asText());
            assertRestored(third, digests);
            assertVerified(third);
        }
    }

    /** The third reads all; a proof that was wrong is told, and ends the copying. */
    @Test
    void fullBackupsCompareWhatSeemedProved() throws Exception {
        try (BactrianService service = service(Map.of("BACKUP_FULL_EVERY", "2"))) {
            JsonNode first = service.goodBackUp();
            JsonNode second = service.goodBackUp();
            assertThat(reusable(service, second).from()).isNotEmpty();
            JsonNode third = service.goodBackUp();
            assertThat(reusable(service, third).from()).isEmpty();
            assertThat(reusable(service, third).since()).isZero();
            assertThat(third.path("warnings").isNull()).isTrue();
            assertThat(third.path("sha256").asText()).hasSize(64);
            assertThat(first.path("rows_total")).isEqualTo(third.path("rows_total"));

            JsonNode fourth = service.goodBackUp();
            assertThat(reusable(service, fourth).since()).isEqualTo(1);
            // As if other rows had been there.
            change(
                    fourth,
                    manifest ->
                            manifest.replaceFirst("(\"name\" ?: ?\"t1\",(?s:.*?)\"row_digest\" ?: ?\")....", "$10000"));
            JsonNode fifth = service.goodBackUp();

            assertThat(fifth.path("warnings").toString()).contains("\\\"public\\\".\\\"t1\\\"", "BACKUP_UNCHANGED=off");
            assertThat(reusable(service, fifth).refuted()).isEqualTo("\"public\".\"t1\"");
            JsonNode sixth = service.goodBackUp();
            assertThat(reusable(service, sixth).from()).isEmpty();
            assertThat(reusable(service, sixth).refuted()).isEqualTo("\"public\".\"t1\"");
            assertThat(sixth.path("warnings").toString()).contains("t1");
        }
        try (BactrianService service = service(Map.of("BACKUP_UNCHANGED", "off"))) {
            JsonNode off = service.goodBackUp();
            assertThat(service.manifest(off.path("id").asText()).archive().reusable())
                    .isNull();
        }
    }

    /** In the store, and in the history, which vouches for it. */
    private void change(JsonNode row, UnaryOperator<String> edit) {
        String key = row.path("s3_key").asText().replaceFirst("[^/]*$", "manifest.json");
        String manifest = store.text(key);
        String changed = edit.apply(manifest);
        assertThat(changed).isNotEqualTo(manifest);
        store.put(key, changed.getBytes(StandardCharsets.UTF_8));
        control.jdbc()
                .update(
                        "UPDATE backup_history SET manifest_sha256 = ? WHERE id = ?::uuid",
                        ManifestText.sha256(changed),
                        row.path("id").asText());
    }

    @Test
    void whatTheStoreChangedIsInNoBackup() throws Exception {
        try (BactrianService service = service(Map.of())) {
            JsonNode first = service.goodBackUp();
            String key = first.path("s3_key").asText();
            byte[] archive = Files.readAllBytes(store.download(key));
            byte[] rotten = archive.clone();
            rotten[
                    (int) reusable(service, first)
                                    .places()
                                    .get("db/public/tables/t4/data.sql")
                                    .offset()
                            + 500] ^= 4;
            store.put(key, rotten);
            // The store's word for what is there now is another one: no ground.
            JsonNode second = service.goodBackUp();
            assertThat(reusable(service, second).from()).isEmpty();

            // Rot has the same name as before: as if it were that.
            Path file = store.download(second.path("s3_key").asText());
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            store.put(second.path("s3_key").asText(), bytes);
            String line = "\"version\" : "
                    + ManifestJson.write(store.eTag(second.path("s3_key").asText())) + ",";
            change(second, text -> text.replaceFirst("\"version\" : .*", Matcher.quoteReplacement(line)));
            JsonNode failed = service.backUp();

            assertThat(failed.path("status").asText()).as(failed.toString()).isEqualTo("failed");
            assertThat(failed.path("error_text").asText())
                    .contains(second.path("s3_key").asText(), "different bytes", "BACKUP_UNCHANGED=off");
            assertThat(store.danglingUploads()).isEmpty();
            // It costs one backup.
            JsonNode after = service.goodBackUp();
            assertThat(reusable(service, after).from()).isEmpty();
            JsonNode again = service.goodBackUp();
            assertThat(reusable(service, again).from()).hasSize(TABLES + 1);
            second = again;
            // A manifest that isn't the history's, and an archive that is gone, are no ground.
            String manifest = second.path("s3_key").asText().replaceFirst("[^/]*$", "manifest.json");
            String text = store.text(manifest);
            store.put(manifest, text.replace("\"since\"", "\"Since\"").getBytes(StandardCharsets.UTF_8));
            JsonNode third = service.goodBackUp();
            assertThat(reusable(service, third).from()).isEmpty();
            store.delete(third.path("s3_key").asText());
            JsonNode fourth = service.goodBackUp();
            assertThat(reusable(service, fourth).from()).isEmpty();
            assertVerified(fourth);
        }
    }

    /** Another table in its place, another label, another column's name: the entry would say something else. */
    @Test
    void whatHasAnotherDefinitionIsRead() {
        try (BactrianService service = service(Map.of("BACKUP_SPLIT_ABOVE", "1MB"))) {
            service.goodBackUp();
            source.run(
                    "ALTER TABLE t1 RENAME COLUMN note TO text",
                    "ALTER TABLE t2 RENAME TO t_2",
                    "ALTER TABLE t6 RENAME TO t2",
                    "TRUNCATE t7",
                    "VACUUM FULL t3",
                    "ANALYZE");
            Map<String, Long> digests = source.contentDigests();

            JsonNode second = service.goodBackUp();

            assertThat(reusable(service, second).from().keySet())
                    .extracting(entry -> entry.replaceFirst("db/public/tables/([^/]+)/.*", "$1"))
                    .containsOnly("t0", "t4", "t5", "empty");
            assertRestored(second, digests);
            source.run("ALTER TYPE mood RENAME VALUE 'glad' TO 'merry'");
            JsonNode third = service.goodBackUp();
            assertThat(reusable(service, third).from()).hasSize(1);
            assertRestored(third, source.contentDigests());
        }
    }

    private void assertVerified(JsonNode row) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        // With the manifest next to it, and as a file alone.
        String key = row.path("s3_key").asText();
        for (String archive : List.of(key, store.download(key).toString())) {
            Run run = Run.bactrian(settings, "verify", archive, "--archive-only");
            assertThat(run.exit()).as(run.out() + run.err()).isZero();
        }
    }

    private void assertRestored(JsonNode row, Map<String, Long> digests) {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result =
                    restoring.run(Restoring.everything(row.path("s3_key").asText()));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).isEqualTo(digests);
    }
}
