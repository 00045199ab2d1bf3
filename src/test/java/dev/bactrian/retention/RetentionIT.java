package dev.bactrian.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Old backups go from a real bucket, and nothing else does. */
class RetentionIT {

    private static final LocalDate LAST = LocalDate.of(2026, 6, 30);
    private static final int STEADY = 4;
    private static final String NOT_KEPT = "no rule keeps it";

    private final TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
    private final TestDatabase control = PostgresServer.V15.createDatabase();
    private final TestStore store = TestStore.start();
    private final List<BactrianService> services = new ArrayList<>();

    @AfterEach
    void stop() {
        services.forEach(BactrianService::close);
        store.close();
    }

    /** One backup a day, and what others keep beside it. */
    @Test
    void ofAThousandObjectsExactlyTheRightOnesAreLeft() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_DAILY", "7", "BACKUP_KEEP_MONTHLY", "6"));
        Set<String> expected = new TreeSet<>();
        for (int age = 0; age < 400; age++) {
            LocalDate day = LAST.minusDays(age);
            String key = insert(UUID.randomUUID(), "default", day, null);
            boolean endOfMonth = day.plusDays(1).getDayOfMonth() == 1;
            if (age < 7 || endOfMonth && day.isAfter(LocalDate.of(2026, 1, 1))) {
                expected.addAll(objectsOf(key));
            }
            expected.addAll(foreign(day));
        }
        // Bactrian's, but nobody's any more; another row's; a row that another system wrote; a database that isn't
        // here.
        String replaced = insert(UUID.randomUUID(), "default", LAST.minusDays(500), "");
        put(manifestOf(replaced), manifest(UUID.randomUUID(), replaced));
        expected.addAll(objectsOf(replaced));
        String without = insert(UUID.randomUUID(), "default", LAST.minusDays(501), "");
        store.delete(manifestOf(without));
        expected.add(without);
        String external = insert(UUID.randomUUID(), "default", LAST.minusDays(502), "");
        control.run("UPDATE backup_history SET sha256 = NULL WHERE s3_key = '" + external + "'");
        expected.addAll(objectsOf(external));
        expected.addAll(objectsOf(insert(UUID.randomUUID(), "elsewhere", LAST.minusDays(503), "")));
        expected.addAll(objectsOf(insert(UUID.randomUUID(), "elsewhere", LAST.minusDays(504), "")));
        String outside = "backups/other/backup.zip";
        put(outside, "x");
        put("backups/other/manifest.json", "{}");
        row(UUID.randomUUID(), "default", LAST.minusDays(505), outside);
        expected.addAll(objectsOf(outside));
        assertThat(store.keys()).hasSizeGreaterThan(1_000);

        apply(service);

        assertThat(inArchive(store.keys())).isEqualTo(inArchive(List.copyOf(expected)));
        assertThat(kept()).hasSize(7 + 5 + 3 + 2 + 1);
        assertThat(control.jdbc()
                        .queryForList(
                                "SELECT DISTINCT archive_delete_reason FROM backup_history"
                                        + " WHERE archive_deleted_at IS NOT NULL",
                                String.class))
                .containsExactly(NOT_KEPT);
        // What failed backups left out is made up for: the newest is under latest/.
        assertThat(store.keys())
                .contains("backups/latest/default/manifest.json")
                .filteredOn(key -> key.startsWith("backups/latest/"))
                .hasSize(2);

        Set<String> after = new TreeSet<>(store.keys());
        apply(service);
        assertThat(new TreeSet<>(store.keys())).as("nothing more").isEqualTo(after);
    }

    @Test
    void aDeletionThatFailsHalfWayGoesOnTheNextTime() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "1"));
        List<String> keys = days(STEADY);
        store.faults().fail(Operation.DELETE_OBJECT, 403, "AccessDenied", 1);
        apply(service);
        String begun = control.jdbc()
                .queryForObject(
                        "SELECT s3_key FROM backup_history WHERE archive_delete_reason IS NOT NULL AND archive_deleted_at IS NULL",
                        String.class);
        assertThat(store.keys()).as("refused at its manifest").contains(manifestOf(begun));
        assertThat(kept()).hasSize(STEADY);

        store.delete(manifestOf(begun));
        apply(service);

        assertThat(kept()).containsExactly(keys.get(0));
        assertThat(inArchive(store.keys())).isEqualTo(new TreeSet<>(objectsOf(keys.get(0))));
    }

    /** A process that is killed between manifest and archive, or between archive and row, leaves just this. */
    @Test
    void whatAKilledProcessLeftOfADeletionGoes() {
        BactrianService service = serve(Map.of());
        List<String> keys = days(STEADY);
        control.run("UPDATE backup_history SET archive_delete_reason = 'why' WHERE s3_key IN ('" + keys.get(1) + "', '"
                + keys.get(2) + "', '" + keys.get(3) + "')");
        store.delete(manifestOf(keys.get(1)));
        store.delete(manifestOf(keys.get(2)));
        store.delete(keys.get(2));

        apply(service);

        assertThat(kept()).containsExactly(keys.get(0));
        assertThat(inArchive(store.keys())).isEqualTo(new TreeSet<>(objectsOf(keys.get(0))));
    }

    @Test
    void twoNodesAtOnceDoNotHarmEachOther() {
        BactrianService one = serve(Map.of("BACKUP_KEEP_LAST", "2"));
        BactrianService two = serve(Map.of("BACKUP_KEEP_LAST", "2"));
        List<String> keys = days(40);

        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> apply(one)), CompletableFuture.runAsync(() -> apply(two)))
                .join();

        assertThat(kept()).containsExactlyInAnyOrderElementsOf(keys.subList(0, 2));
        Set<String> expected = new TreeSet<>(objectsOf(keys.get(0)));
        expected.addAll(objectsOf(keys.get(1)));
        assertThat(inArchive(store.keys())).isEqualTo(expected);
    }

    @Test
    void rulesThatCannotBeReadDeleteNothingAndOthersWin() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "1"));
        days(STEADY);
        assertThat(planned(service, "")).containsExactly("the newest, last 1 of 1", NOT_KEPT, NOT_KEPT, NOT_KEPT);
        assertThat(planned(service, "?keep_last=2&keep_daily=3"))
                .containsExactly(
                        "the newest, last 1 of 2, daily 1 of 3 (2026-06-30)",
                        "last 2 of 2, daily 2 of 3 (2026-06-29)",
                        "daily 3 of 3 (2026-06-28)",
                        NOT_KEPT);
        assertThat(kept()).as("nothing is changed by looking").hasSize(STEADY);
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('retention', '{\"keep_lost\": 2}')");
        apply(service);
        assertThat(kept()).hasSize(STEADY);

        service.send("PUT", "/api/settings", "{\"retention\": null}");
        apply(service);
        assertThat(kept()).as("null keeps everything").hasSize(STEADY);

        assertThat(service.send("PUT", "/api/settings", "{\"retention\": {\"keep_last\": 2}}")
                        .body())
                .contains("\"keep_last\" : 2");
        apply(service);
        assertThat(kept()).hasSize(2);
    }

    /** When the one that is left turns out to be damaged, there is no other: so it is asked first, wherever it is set. */
    @Test
    void rulesThatWouldLeaveOneBackupAreSetOnlyByThoseWhoInsist() {
        BactrianService service = serve(Map.of());
        for (String rules : List.of(
                "{\"keep_last\": 1}",
                "{\"keep_daily\": 1, \"keep_monthly\": 1}",
                "{\"keep_last\": null, \"keep_weekly\": 1}")) {
            assertThat(setRules(service, "", rules))
                    .as("with no backup")
                    .contains("keep only one backup of each database");
        }
        List<String> keys = days(STEADY);
        for (String rules : List.of("{\"keep_last\": 1}", "{\"keep_days\": 1}", "{\"keep_monthly\": 7}")) {
            assertThat(setRules(service, "?force=false", rules))
                    .contains(
                            "Of default 3 backups would be deleted",
                            idOf(keys.get(1)) + " of 2026-06-29",
                            idOf(keys.get(0)) + " of 2026-06-30",
                            "Nothing was changed.",
                            "force=true");
        }
        assertThat(service.send("PUT", "/api/settings?force=yes", "{\"retention\": {\"keep_last\": 2}}")
                        .statusCode())
                .isEqualTo(400);
        apply(service);
        assertThat(kept()).hasSize(STEADY);

        for (String rules : List.of("{\"keep_last\": 2}", "{\"keep_days\": 2}", "{}", "null")) {
            HttpResponse<String> set =
                    service.send("PUT", "/api/settings", "{\"timezone\": \"UTC\", \"retention\": " + rules + "}");
            assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        }
        HttpResponse<String> insisted =
                service.send("PUT", "/api/settings?force=true", "{\"retention\": {\"keep_last\": 1}}");
        assertThat(insisted.statusCode()).as(insisted.body()).isEqualTo(200);
        apply(service);
        assertThat(kept()).containsExactly(keys.get(0));
    }

    private static String setRules(BactrianService service, String query, String rules) {
        HttpResponse<String> refused = service.send("PUT", "/api/settings" + query, "{\"retention\": " + rules + "}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("urn:bactrian:problem:single-backup");
        return refused.body();
    }

    @Test
    void nothingGoesWhenTheNewestIsNotInTheStore() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "1"));
        List<String> keys = days(STEADY);
        store.delete(manifestOf(keys.get(0)));
        apply(service);
        assertThat(kept()).hasSize(STEADY);

        put(manifestOf(keys.get(0)), manifest(idOf(keys.get(0)), keys.get(0)));
        put(keys.get(0), "short");
        apply(service);
        assertThat(kept()).hasSize(STEADY);
    }

    /** Were they counted, good ones would go in their place. */
    @Test
    void whatSomebodyElseRemovedIsWrittenDownAndNotCounted() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "3"));
        List<String> keys = days(6);
        for (int gone : List.of(1, 5)) {
            objectsOf(keys.get(gone)).forEach(store::delete);
        }
        store.delete(manifestOf(keys.get(4)));

        apply(service);

        assertThat(kept())
                .as("the one without a manifest isn't gone, and isn't known to be Bactrian's")
                .containsExactlyInAnyOrder(keys.get(0), keys.get(2), keys.get(3), keys.get(4));
        assertThat(store.keys()).containsAll(objectsOf(keys.get(3))).contains(keys.get(4));
        assertThat(control.jdbc()
                        .queryForList(
                                "SELECT s3_key FROM backup_history WHERE archive_deleted_at IS NOT NULL"
                                        + " AND archive_delete_reason = 'something other than Bactrian removed it from the store'",
                                String.class))
                .containsExactlyInAnyOrder(keys.get(1), keys.get(5));
    }

    @Test
    void anArchiveThatARestoreReadsIsNotDeleted() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "1"));
        List<String> keys = days(3);
        control.run(
                "INSERT INTO restore_history (backup, database, target, request, phase, node, heartbeat_at) VALUES ('"
                        + keys.get(1) + "', 'default', 't', '{}', 'rows', 'elsewhere/1/1', now() + interval '1 hour')");
        apply(service);
        assertThat(kept()).containsExactlyInAnyOrder(keys.get(0), keys.get(1));
        HttpResponse<String> refused = service.send("DELETE", "/api/backups/" + idOf(keys.get(1)), null);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("backup-in-use");

        control.run("UPDATE restore_history SET status = 'failed', phase = NULL");
        apply(service);
        assertThat(kept()).containsExactly(keys.get(0));
    }

    @Test
    void aBackupDeletesWhatItMakesSuperfluousAndBecomesTheLatest() {
        BactrianService service = serve(Map.of("BACKUP_KEEP_LAST", "1"));
        days(STEADY);

        JsonNode first = service.goodBackUp();
        awaitKept(first);
        JsonNode part = service.awaitEnd(service.request("{\"tables\": [\"public.a\"]}"));
        JsonNode second = service.goodBackUp();
        // A part neither counts nor outlives what is kept of everything.
        awaitKept(second);

        assertThat(part.path("status").asText()).isEqualTo("success");
        assertThat(service.backup(first.path("id").asText())
                        .path("archive_delete_reason")
                        .asText())
                .isEqualTo(NOT_KEPT);
        Awaitility.await().until(() -> latest().contains(second.path("id").asText()));
        assertThat(store.keys())
                .filteredOn(key -> key.startsWith("backups/latest/") && key.endsWith(".zip"))
                .containsExactly("backups/latest/default/"
                        + second.path("s3_key").asText().substring("backups/archive/".length()));
    }

    @Test
    void backupsAreDeletedOnRequestButNotTheLastOne() {
        BactrianService service = serve(Map.of());
        JsonNode older = service.goodBackUp();
        JsonNode newer = service.goodBackUp();
        Awaitility.await().until(() -> latest().contains(newer.path("id").asText()));

        String path = "/api/backups/" + newer.path("id").asText();
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = service.send("DELETE", path, null);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(BactrianService.json(answer.body())
                            .path("archive_deleted_at")
                            .asText())
                    .startsWith("20");
        }
        assertThat(latest()).contains(older.path("id").asText());
        assertThat(store.keys()).hasSize(4).noneMatch(key -> key.contains(folderOf(newer)));
        assertThat(service.send("POST", path + "/download-url", null).body()).contains("It was deleted");

        String last = "/api/backups/" + older.path("id").asText();
        assertThat(service.send("DELETE", last, null).body()).contains("last-backup");
        assertThat(service.send("DELETE", last + "?force=maybe", null).statusCode())
                .isEqualTo(400);
        assertThat(store.keys()).hasSize(4);
        assertThat(service.send("DELETE", last + "?force=true", null).statusCode())
                .isEqualTo(200);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void whatIsNotBactriansIsNotDeletedOnRequest() {
        BactrianService service = serve(Map.of());
        String key = days(2).get(1);
        put(manifestOf(key), manifest(UUID.randomUUID(), key));

        HttpResponse<String> answer = service.send("DELETE", "/api/backups/" + idOf(key), null);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("foreign-archive");
        assertThat(store.keys()).containsAll(objectsOf(key));
    }

    @Test
    void theCommandListsAndDeletesAndItsDryRunChangesNothing() {
        serve(Map.of());
        List<String> keys = days(STEADY);
        List<String> before = store.keys();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", database.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "BACKUP_KEEP_LAST", "2",
                "WORK_DIR", BactrianService.temporaryFolder().toString()));

        Run dry = Run.bactrian(settings, "prune", "--dry-run", "--json");
        assertThat(dry.exit()).as(dry.err()).isZero();
        JsonNode decisions = BactrianService.json(dry.out());
        assertThat(decisions).hasSize(STEADY);
        assertThat(decisions.get(0).path("keep").asBoolean()).isTrue();
        assertThat(decisions.get(0).path("reasons").get(0).asText()).isEqualTo("the newest");
        assertThat(decisions.get(3).path("keep").asBoolean()).isFalse();
        assertThat(store.keys()).isEqualTo(before);
        assertThat(kept()).hasSize(STEADY);

        String replaced = keys.get(3);
        put(manifestOf(replaced), manifest(UUID.randomUUID(), replaced));
        Run left = Run.bactrian(settings, "prune", "default");
        assertThat(left.exit()).as(left.out()).isEqualTo(1);
        assertThat(left.out()).containsPattern("left +" + idOf(replaced)).contains("deleted ");
        assertThat(left.err())
                .contains("1 backup: a restore is reading it, or the archive in the store isn't this backup's.");

        put(manifestOf(replaced), manifest(idOf(replaced), replaced));
        Run run = Run.bactrian(settings, "prune", "default");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("keep ", "last 2 of 2", "deleted ", "no rule keeps it");
        assertThat(kept()).containsExactlyInAnyOrder(keys.get(0), keys.get(1));

        settings.put("BACKUP_KEEP_LAST", "1");
        Run single = Run.bactrian(settings, "prune");
        assertThat(single.exit()).isEqualTo(2);
        assertThat(single.err())
                .contains(
                        "Of default 1 backup would be deleted: " + idOf(keys.get(1)), "Nothing was deleted", "--force");
        assertThat(kept()).hasSize(2);
        assertThat(Run.bactrian(settings, "prune", "--force").exit()).isZero();
        assertThat(kept()).containsExactly(keys.get(0));

        Run unknown = Run.bactrian(settings, "prune", "nobody");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("There is no database nobody");
    }

    /** What was to go before is kept in its place, and no failure. */
    @Test
    void theCommandGoesOnWhereAnArchiveIsGone() {
        serve(Map.of());
        List<String> keys = days(4);
        objectsOf(keys.get(1)).forEach(store::delete);
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", database.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "BACKUP_KEEP_LAST", "2",
                "WORK_DIR", BactrianService.temporaryFolder().toString()));

        Run run = Run.bactrian(settings, "prune");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .containsPattern("keep +" + idOf(keys.get(0)))
                .containsPattern("gone +" + idOf(keys.get(1)) + ".*it is no longer in the store")
                .containsPattern("keep +" + idOf(keys.get(2)) + ".*last 2 of 2")
                .containsPattern("deleted +" + idOf(keys.get(3)));
        assertThat(kept()).containsExactlyInAnyOrder(keys.get(0), keys.get(2));
    }

    private BactrianService serve(Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("DATABASE_URL", database.url());
        BactrianService service = BactrianService.start(settings, control, store);
        services.add(service);
        return service;
    }

    /** What the timer and the end of each backup do. */
    private static void apply(BactrianService service) {
        try {
            Exchange answer = service.app().producer().request("direct:apply-retention", exchange -> {});
            assertThat(answer.getException()).isNull();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Why each backup would be kept or not, the newest first. */
    private static List<String> planned(BactrianService service, String query) {
        List<String> planned = new ArrayList<>();
        BactrianService.json(
                        service.send("GET", "/api/retention/plan" + query, null).body())
                .path("backups")
                .forEach(backup -> {
                    List<String> reasons = new ArrayList<>();
                    backup.path("reasons").forEach(reason -> reasons.add(reason.asText()));
                    String text = String.join(", ", reasons);
                    assertThat(backup.path("keep").asBoolean()).isNotEqualTo(NOT_KEPT.equals(text));
                    planned.add(text);
                });
        return planned;
    }

    /** Keys of one backup a day, the newest first. */
    private List<String> days(int count) {
        List<String> keys = new ArrayList<>();
        for (int age = 0; age < count; age++) {
            keys.add(insert(UUID.randomUUID(), "default", LAST.minusDays(age), null));
        }
        return keys;
    }

    private String insert(UUID id, String name, LocalDate day, String suffix) {
        String key = "backups/archive/" + day + "T02-00-00Z" + (suffix == null ? "" : "--x") + "/backup-" + day
                + "-02-00-UTC.zip";
        put(key, "archive");
        put(manifestOf(key), manifest(id, key));
        row(id, name, day, key);
        return key;
    }

    private void row(UUID id, String name, LocalDate day, String key) {
        control.jdbc()
                .update(
                        "INSERT INTO backup_history (id, database, status, s3_key, size_bytes, sha256, created_at, started_at,"
                                + " finished_at) VALUES (?, ?, 'success', ?, 7, repeat('a', 64), ?::timestamptz,"
                                + " ?::timestamptz, now())",
                        id,
                        name,
                        key,
                        day + "T01:59:00Z",
                        day + "T02:00:00Z");
    }

    private static String manifest(UUID id, String key) {
        return "{\"backup_id\": \"" + id + "\", \"archive\": {\"key\": \"" + key + "\"}}";
    }

    /** What others keep under the same prefix. */
    private List<String> foreign(LocalDate day) {
        String key = "backups/archive/" + day + "-notes.txt";
        put(key, "notes");
        return List.of(key);
    }

    private void put(String key, String text) {
        store.put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String manifestOf(String key) {
        return key.substring(0, key.lastIndexOf('/')) + "/manifest.json";
    }

    private static List<String> objectsOf(String key) {
        return List.of(key, manifestOf(key));
    }

    private static Set<String> inArchive(List<String> keys) {
        Set<String> all = new TreeSet<>(keys);
        all.removeIf(key -> key.startsWith("backups/latest/"));
        return all;
    }

    private List<String> kept() {
        return control.jdbc()
                .queryForList(
                        "SELECT s3_key FROM backup_history WHERE archive_deleted_at IS NULL AND s3_key IS NOT NULL",
                        String.class);
    }

    private UUID idOf(String key) {
        return control.jdbc().queryForObject("SELECT id FROM backup_history WHERE s3_key = ?", UUID.class, key);
    }

    private static String folderOf(JsonNode row) {
        String key = row.path("s3_key").asText();
        return key.substring("backups/archive/".length(), key.lastIndexOf('/'));
    }

    private String latest() {
        return store.keys().contains("backups/latest/default/manifest.json")
                ? store.text("backups/latest/default/manifest.json")
                : "";
    }

    private void awaitKept(JsonNode row) {
        Awaitility.await().until(() -> kept().equals(List.of(row.path("s3_key").asText())));
    }
}
