package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.Webhooks;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a dashboard shows first and lets people try, of a service with one good database and one that is away. */
class OverviewIT {

    private static final Path WORK = BactrianService.temporaryFolder();

    private static TestDatabase database;
    private static TestDatabase control;
    private static TestStore store;
    private static Webhooks web;
    private static GreenMail mail;
    private static Map<String, String> settings;
    private static BactrianService service;
    private static JsonNode good;

    @BeforeAll
    static void start() {
        web = Webhooks.start();
        web.answer("/gone-hush-key", 404);
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
        mail.start();
        database = PostgresServer.V17.createDatabase().run("CREATE TABLE t (id int)");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        settings = new HashMap<>(Map.of(
                "DATABASE_URL", database.url(),
                "DATABASE_URL_AWAY", "postgresql://nobody:hush-password@127.0.0.1:1/nothing",
                "RESTORE_API_KEY", BactrianService.RESTORE_KEY,
                "BACKUP_CRON", "0 0 0 1 1 ? 2098",
                "PUBLIC_URL", "https://backups.example.com",
                "WORK_DIR", WORK.toString(),
                "NOTIFY_PING_URL", web.address("/ping"),
                "NOTIFY_RECOVERED", web.address("/recovered"),
                "NOTIFY_FAILURE",
                        String.join(
                                " ",
                                web.address("/gone-hush-key"),
                                "http://127.0.0.1:1/hush-key",
                                "smtp://127.0.0.1:" + mail.getSmtp().getPort()
                                        + "?from=a@example.com&to=me@example.com",
                                web.address("/hook-hush-key"))));
        service = BactrianService.start(settings, control, store);
        good = service.goodBackUp();
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        mail.stop();
        web.close();
    }

    private static JsonNode get(String path) {
        HttpResponse<String> answer = service.send("GET", path, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BactrianService.json(answer.body());
    }

    private static JsonNode post(String path, String body) {
        HttpResponse<String> answer = service.send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .doesNotContain("hush", BactrianService.API_KEY, BactrianService.RESTORE_KEY, TestStore.SECRET);
        return BactrianService.json(answer.body());
    }

    @Test
    void aServiceSaysWhatItCanDoAndNobodysAddress() {
        JsonNode answer = get("/api/service");

        assertThat(answer.path("databases")).extracting(JsonNode::asText).containsExactly("default", "away");
        assertThat(answer.path("can_verify").booleanValue()).isFalse();
        assertThat(answer.path("notifications"))
                .isEqualTo(BactrianService.json(
                        "{\"failure\": 4, \"success\": 0, \"recovered\": 1, \"ping\": [\"away\", \"default\"]}"));
        assertThat(answer.path("time").asText()).matches("20.*Z");
        assertThat(answer.path("version").asText()).isNotBlank();
        assertThat(answer.toString()).doesNotContain("hush", "example.com", "127.0.0.1");
    }

    @Test
    void onlyTheKeyThatRestoresMayRestoreWhateverElseIsSent() {
        assertThat(mayRestore(BactrianService.RESTORE_KEY, "")).isTrue();
        assertThat(mayRestore(BactrianService.API_KEY, "")).isFalse();
        for (String name : List.of("bactrian-may-restore", "Bactrian-May-Restore", "BACTRIAN-MAY-RESTORE")) {
            assertThat(mayRestore(BactrianService.API_KEY, "?" + name + "=true"))
                    .isFalse();
            assertThat(mayRestore(BactrianService.API_KEY, "?" + name + "=true&" + name + "=true"))
                    .isFalse();
            assertThat(mayRestore(BactrianService.API_KEY, "", name, "true")).isFalse();
            assertThat(mayRestore(BactrianService.API_KEY, "", name, "true", name, "true"))
                    .isFalse();
        }
    }

    private static boolean mayRestore(String key, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + "/api/service" + query))
                .header("Authorization", "Bearer " + key);
        if (headers.length > 0) {
            request.headers(headers);
        }
        JsonNode answer =
                BactrianService.json(BactrianService.send(request.build()).body());
        assertThat(answer.path("may_restore").isBoolean()).as(answer.toString()).isTrue();
        return answer.path("may_restore").booleanValue();
    }

    /** A row as it stays: its node reports on until latest/ is in line. */
    private static JsonNode still(JsonNode row) {
        return ((ObjectNode) row.deepCopy()).without(List.of("heartbeat_at", "moved_at"));
    }

    @Test
    void eachDatabaseShowsWhereItStands() {
        JsonNode before = get("/api/databases").path("databases");
        assertThat(before).extracting(row -> row.path("name").asText()).containsExactly("default", "away");
        assertThat(before).extracting(row -> row.path("database").asText()).containsExactly(database.name(), "nothing");
        assertThat(still(before.at("/0/last"))).isEqualTo(still(good));
        assertThat(still(before.at("/0/last_good"))).isEqualTo(still(good));
        assertThat(before.at("/0/running").isNull()).isTrue();
        for (String member : List.of("last", "last_good", "running")) {
            assertThat(before.path(1).path(member).isNull()).as(member).isTrue();
        }
        assertThat(before.at("/1/next_fire_time").asText()).isEqualTo("2098-01-01T00:00:00Z");
        assertThat(before.at("/0/overdue_since").isNull()).isTrue();

        // Newer ones that aren't good for everything: a part, what others stored, a deleted one, one that is being
        // deleted; and
        // one that failed, and one that was cancelled since.
        control.run(
                "INSERT INTO backup_history (status, dispatch_id, s3_key, sha256, selection, archive_deleted_at, "
                        + "archive_delete_reason, created_at, finished_at, notified_at) "
                        + "SELECT status, id, 'k/' || id, sha, part::jsonb, gone, reason, now() + n * interval '1 ms', now(), now() "
                        + "FROM (VALUES (1, 'part', 'success', 'a', '{\"tables\": [\"a\"]}', NULL::timestamptz, NULL), "
                        + "(2, 'foreign', 'success', NULL, NULL, NULL, NULL), (3, 'deleted', 'success', 'a', NULL, now(), 'old'), "
                        + "(4, 'doomed', 'success', 'a', NULL, NULL, 'old'), (5, 'broken', 'failed', 'a', NULL, NULL, NULL), "
                        + "(6, 'stopped', 'cancelled', 'a', NULL, NULL, NULL)) AS v (n, id, status, sha, part, gone, reason)",
                "INSERT INTO backup_history (dispatch_id, database, target, phase, node, heartbeat_at, created_at) VALUES "
                        + "('runs', 'away', 'elsewhere:1/a', 'dumping', 'elsewhere/1/1', now() + interval '1 hour', now()), "
                        + "('waits', 'away', 'elsewhere:1/a', 'queued', NULL, NULL, now() + interval '1 ms')");
        try {
            HttpResponse<String> set = service.send(
                    "PUT",
                    "/api/settings",
                    "{\"timezone\": \"Asia/Tokyo\", \"schedules\": {\"default\": \"0 0 0 1 1 ? 2097\", \"away\": null}}");
            assertThat(set.statusCode()).isEqualTo(200);
            JsonNode after = get("/api/databases").path("databases");

            assertThat(after.at("/0/last/dispatch_id").asText()).isEqualTo("broken");
            assertThat(still(after.at("/0/last_good"))).isEqualTo(still(good));
            assertThat(after.at("/0/cron").asText()).isEqualTo("0 0 0 1 1 ? 2097");
            assertThat(after.at("/0/next_fire_time").asText()).isEqualTo("2096-12-31T15:00:00Z");
            assertThat(after.at("/1/running/dispatch_id").asText()).isEqualTo("runs");
            assertThat(after.at("/1/cron").isNull()).isTrue();
            assertThat(after.at("/1/next_fire_time").isNull()).isTrue();
            assertThat(get("/api/retention/plan?keep_last=1").path("backups"))
                    .filteredOn(row -> row.path("keep").booleanValue()
                            && !row.path("partial").booleanValue())
                    .as("the last good one is the newest of everything that retention keeps")
                    .first()
                    .satisfies(row -> assertThat(row.path("id")).isEqualTo(good.path("id")));
        } finally {
            control.run("DELETE FROM backup_history WHERE dispatch_id IS NOT NULL", "DELETE FROM system_settings_kv");
        }
    }

    @Test
    void aTimeOfTheScheduleThatPassedWithoutABackupIsTold() {
        Instant last = Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.HOURS);
        String cron = "0 0 " + last.atOffset(ZoneOffset.UTC).getHour() + " * * ?";
        try {
            assertThat(service.send(
                                    "PUT",
                                    "/api/settings",
                                    "{\"timezone\": \"UTC\", \"schedules\": {\"default\": \"" + cron
                                            + "\", \"away\": \"" + cron + "\"}}")
                            .statusCode())
                    .isEqualTo(200);
            Awaitility.await("both schedules")
                    .until(() -> control.jdbc()
                                    .queryForObject(
                                            "SELECT count(*) FROM bactrian_qrtz_cron_triggers WHERE cron_expression = ?",
                                            Integer.class,
                                            cron)
                            == 2);
            assertThat(overdue()).as("set only just").containsExactly(null, null);

            // As if they had been set long ago: the backup of today's came later, the other database has none.
            control.run("UPDATE system_settings_kv SET updated_at = now() - interval '3 days'");
            assertThat(overdue()).as("as long as the triggers are there").containsExactly(null, null);
            long since = last.minus(Duration.ofDays(1)).minusSeconds(600).toEpochMilli();
            control.run("UPDATE bactrian_qrtz_triggers SET start_time = " + since);
            assertThat(overdue())
                    .containsExactly(null, last.minus(Duration.ofDays(1)).toString());

            control.run(
                    "INSERT INTO backup_history (status, dispatch_id, database, selection, created_at, finished_at, "
                            + "notified_at) VALUES ('success', 'part', 'away', '{\"tables\": [\"a\"]}', now(), now(), now()), "
                            + "('failed', 'old', 'away', NULL, now() - interval '1 day', now() - interval '1 day', now())");
            assertThat(overdue()).as("a part isn't what the schedule wants").containsExactly(null, last.toString());
            control.run("UPDATE backup_history SET selection = NULL WHERE dispatch_id = 'part'");
            assertThat(overdue()).containsExactly(null, null);
        } finally {
            control.run("DELETE FROM backup_history WHERE dispatch_id IS NOT NULL", "DELETE FROM system_settings_kv");
        }
    }

    private static List<String> overdue() {
        return StreamSupport.stream(get("/api/databases").path("databases").spliterator(), false)
                .map(row -> row.path("overdue_since").textValue())
                .collect(Collectors.toList());
    }

    @Test
    void aCheckTellsWhatTheCommandTells() throws IOException {
        List<String> stored = store.keys();
        JsonNode answer = post("/api/checks", null);
        assertThat(store.keys()).as("a check leaves nothing behind").isEqualTo(stored);
        assertThat(locked(WORK))
                .as("the service's work folder is still its own")
                .isTrue();

        Map<String, String> command = new HashMap<>(settings);
        command.putAll(store.settings());
        command.putAll(Map.of(
                "CONTROL_DATABASE_URL", control.url(),
                "PG_BIN", BactrianService.pg17().toString(),
                "WORK_DIR", BactrianService.temporaryFolder().toString()));
        Run run = Run.bactrian(command, "check");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(StreamSupport.stream(answer.path("checks").spliterator(), false)
                        .map(OverviewIT::line)
                        .map(OverviewIT::stable))
                .containsExactlyElementsOf(
                        run.out().lines().map(OverviewIT::stable).toList());

        assertThat(answer.path("failed").asInt()).isEqualTo(1);
        assertThat(answer.path("checks"))
                .filteredOn(check -> "failed".equals(check.path("status").asText()))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.path("subject").asText()).isEqualTo("database away");
                    assertThat(check.path("name").asText()).isEqualTo("reachable");
                    assertThat(check.path("remedy").asText()).contains("Check the host, the port and the network");
                });
    }

    private static String line(JsonNode check) {
        String subject = check.path("subject").asText();
        String name = check.path("name").asText();
        return ("ok".equals(check.path("status").asText()) ? "OK      " : "FAILED  ")
                + (subject.equals(name) ? name : subject + ": " + name) + ": "
                + check.path("text").asText()
                + (check.path("remedy").isNull()
                        ? ""
                        : " " + check.path("remedy").asText());
    }

    /** Without what differs from one moment, and one work folder, to the next. */
    private static String stable(String line) {
        return line.replaceAll("has [0-9]+ now", "has some now")
                .replaceAll("[0-9.]+ [kM]i?B", "some bytes")
                .replaceAll("writable: .*", "writable");
    }

    /** Whether the system knows of a lock on the process's own lock file: closing another one of the same file drops it. */
    private static boolean locked(Path workDir) throws IOException {
        try (Stream<Path> files = Files.walk(workDir)) {
            Path lock = files.filter(file -> file.endsWith("lock")).findFirst().orElseThrow();
            return Files.readString(Path.of("/proc/locks")).contains(":" + Files.getAttribute(lock, "unix:ino") + " ");
        }
    }

    @Test
    void aTestMessageReachesWhoCanBeToldAndSaysWhoCannot() {
        JsonNode answer = post("/api/notifications/test", null);

        assertThat(answer.path("results").findValuesAsText("to"))
                .containsExactly("failure/1", "failure/2", "failure/3", "failure/4");
        assertThat(answer.path("results"))
                .extracting(result -> result.path("sent").booleanValue())
                .containsExactly(false, false, true, true);
        assertThat(answer.at("/results/0/reason").asText()).isEqualTo("its address answered 404");
        assertThat(answer.at("/results/1/reason").asText()).contains("Exception");
        assertThat(answer.at("/results/2/reason").isNull()).isTrue();
        JsonNode told = BactrianService.json(web.calls("/hook-hush-key").get(0).body());
        assertThat(told.path("event").asText()).isEqualTo("test");
        assertThat(told.path("text").asText())
                .startsWith("Test of Bactrian's notifications (failure).\nNo backup has ended")
                .contains("https://backups.example.com");
        assertThat(told.path("backup")).isEmpty();
        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(GreenMailUtil.getBody(mail.getReceivedMessages()[0])).contains("No backup has ended");
        assertThat(web.calls())
                .filteredOn(call -> call.path().startsWith("/ping"))
                .as("no test turns a healthcheck red or green")
                .noneMatch(call -> call.body().contains("Test of"));
    }

    @Test
    void aTestIsOfTheEventThatIsAskedFor() {
        JsonNode answer = post("/api/notifications/test", "{\"event\": \"recovered\"}");
        assertThat(answer)
                .isEqualTo(BactrianService.json(
                        "{\"results\": [{\"to\": \"recovered/1\", \"sent\": true, \"reason\": null}]}"));

        HttpResponse<String> nobody = service.send("POST", "/api/notifications/test", "{\"event\": \"success\"}");
        assertThat(nobody.statusCode()).isEqualTo(409);
        assertThat(nobody.body()).contains("urn:bactrian:problem:nobody-to-tell", "NOTIFY_SUCCESS");
        for (String wrong : List.of("{\"event\": \"start\"}", "{\"event\": 1}", "{\"events\": \"success\"}", "[]")) {
            HttpResponse<String> refused = service.send("POST", "/api/notifications/test", wrong);
            assertThat(refused.statusCode()).as(wrong + refused.body()).isEqualTo(400);
        }
    }
}
