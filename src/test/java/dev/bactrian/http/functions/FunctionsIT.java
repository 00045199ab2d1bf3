package dev.bactrian.http.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dashboards of hand-made systems call, request by request as docs/functions.md documents it; and from a browser. */
class FunctionsIT {

    private static final String FUNCTIONS = "/functions/v1/";
    private static final String PAGE = "https://dashboard.acme.example";

    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static OtherNode otherNode;
    private static JsonNode good;

    @BeforeAll
    static void start() {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "CORS_ORIGINS", PAGE + ", http://localhost:5173"),
                control,
                store);
        JsonNode triggered = ask("trigger-backup", "{\"dispatch_id\": \"good\"}");
        good = service.awaitEnd(triggered.path("backup_id").asText());
        assertThat(good.path("status").asText()).as(good.toString()).isEqualTo("success");
        // Running elsewhere, this keeps whatever the tests ask for in the queue.
        control.run("INSERT INTO backup_history (database, phase, node, heartbeat_at) VALUES ('default', 'dumping', "
                + "'elsewhere/1/1', now() + interval '1 hour')");
        otherNode = OtherNode.beating(control);
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        service.close();
        store.close();
    }

    @Test
    void aBackupIsTriggeredAndFoundByItsDispatchId() {
        JsonNode answer = ask("trigger-backup", null);

        assertThat(answer.path("success").asBoolean()).as(answer.toString()).isTrue();
        assertThat(answer.path("message").asText()).isEqualTo("Backup triggered");
        assertThat(answer.path("status").asText()).isEqualTo("in_progress");
        assertThat(answer.path("phase").asText()).isEqualTo("queued");
        String dispatch = answer.path("dispatch_id").asText();
        assertThat(dispatch).as("made up where the caller gave none").matches("[0-9a-f-]{36}");
        assertThat(answer.path("backup"))
                .isEqualTo(service.backup(answer.path("backup_id").asText()));

        JsonNode status = ask("backup-status", "{\"dispatch_id\": \"" + dispatch + "\"}");
        assertThat(status.path("backup_id")).isEqualTo(answer.path("backup_id"));
        assertThat(status.path("status").asText()).isEqualTo("in_progress");
        JsonNode again = ask("trigger-backup", "{\"dispatch_id\": \"" + dispatch + "\"}");
        assertThat(again.path("backup_id")).isEqualTo(answer.path("backup_id"));
    }

    /** As supabase-js sends what its caller has made a text of, with JSON.stringify. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain;charset=UTF-8", "Text/Plain; charset=utf-8"})
    void aTextThatIsJsonIsTakenAsJsonByFunctionsAlone(String type) {
        HttpResponse<String> answer = sendText(type, FUNCTIONS + "backup-status", "{\"dispatch_id\": \"good\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(BactrianService.json(answer.body()).path("backup_id").asText())
                .isEqualTo(good.path("id").asText());
        assertError(sendText(type, FUNCTIONS + "backup-status", "dispatch_id=good"), 400, "The request isn't valid");
        assertThat(sendText(type, "/api/backups", "{}").statusCode()).isEqualTo(415);
        assertThat(sendText("application/x-www-form-urlencoded", FUNCTIONS + "trigger-backup", "{}")
                        .statusCode())
                .isEqualTo(415);
    }

    private static HttpResponse<String> sendText(String type, String path, String body) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + path))
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"database\": \"x\"}", "{\"databse\": \"default\"}", "{", "{\"dispatch_id\": \"a b\"}"})
    void whatIsNoRequestIsRefused(String body) {
        assertError(service.send("POST", FUNCTIONS + "trigger-backup", body), 400, "The request isn't valid");
    }

    @Test
    void theStatusIsThereByPostAndGet() {
        String id = good.path("id").asText();
        for (JsonNode status : List.of(
                ask("backup-status", "{\"backup_id\": \"" + id + "\"}"),
                get("backup-status?backup_id=" + id),
                get("backup-status?dispatch_id=good"),
                get("backup-status?s3_key=" + good.path("s3_key").asText()))) {
            assertThat(status.path("success").asBoolean()).as(status.toString()).isTrue();
            assertThat(status.path("backup_id").asText()).isEqualTo(id);
            assertThat(status.path("status").asText()).isEqualTo("success");
            assertThat(status.path("error_text").isNull()).isTrue();
            assertThat(status.path("backup")).isEqualTo(service.backup(id));
        }
        assertError(
                service.send("POST", FUNCTIONS + "backup-status", "{\"backup_id\": \"x\"}"),
                404,
                "Backup entry not found");
        assertError(service.send("POST", FUNCTIONS + "backup-status", "{}"), 400, "The request isn't valid");
    }

    @Test
    void theHistoryIsThereByPostAndGet() {
        for (JsonNode page : List.of(
                ask("backup-history", "{\"limit\": 1, \"status\": \"completed\"}"),
                get("backup-history?limit=1&status=success"))) {
            assertThat(page.path("success").asBoolean()).isTrue();
            assertThat(page.path("backups")).hasSize(1);
            assertThat(page.at("/backups/0/id")).isEqualTo(good.path("id"));
            assertThat(page.path("next_cursor").isNull()).isTrue();
        }
        assertThat(ask("backup-history", null).path("backups")).hasSizeGreaterThan(1);
        assertError(service.send("GET", FUNCTIONS + "backup-history?limit=0", null), 400, "The request isn't valid");
    }

    @Test
    void aSignedLinkWorksWithoutTheKey() throws Exception {
        JsonNode link = ask(
                "generate-signed-url", "{\"s3_key\": \"" + good.path("s3_key").asText() + "\"}");

        assertThat(link.path("expires_at").asText()).startsWith("20");
        assertThat(link.path("expires_in").asInt()).isEqualTo(900);
        assertThat(link.path("url").asText()).contains("X-Amz-Expires=900");
        HttpResponse<String> head = BactrianService.send(
                HttpRequest.newBuilder(URI.create(link.path("url").asText())).build());
        assertThat(head.statusCode()).isEqualTo(200);
        assertError(
                service.send("POST", FUNCTIONS + "generate-signed-url", "{\"s3_key\": \"somebody/elses\"}"),
                404,
                "Backup entry not found");
    }

    @Test
    void theToggleSwitchesBackupsOffAndOn() {
        assertThat(get("settings-toggle").path("enabled").asBoolean()).isTrue();
        assertThat(ask("settings-toggle", "{\"enabled\": false}")
                        .path("enabled")
                        .asBoolean(true))
                .isFalse();
        assertThat(get("settings-toggle").path("enabled").asBoolean(true)).isFalse();
        assertError(service.send("POST", FUNCTIONS + "trigger-backup", "{}"), 409, "Backups are disabled");
        assertThat(ask("settings-toggle", "{\"enabled\": true}").toString())
                .isEqualTo("{\"success\":true,\"enabled\":true}");
        assertThat(ask("trigger-backup", "{}").path("success").asBoolean()).isTrue();
        assertError(
                service.send("POST", FUNCTIONS + "settings-toggle", "{\"enabled\": \"no\"}"),
                400,
                "The request isn't valid");
    }

    @ParameterizedTest
    @CsvSource({"GET, trigger-backup, 404", "POST, nothing, 404", "DELETE, backup-history, 404"})
    void whatIsNotThereIsToldInTheSameForm(String method, String function, int status) {
        assertError(service.send(method, FUNCTIONS + function, null), status, "Not found");
    }

    @Test
    void aBodyThatIsTooLargeIsToldInTheSameForm() {
        assertError(
                service.send("POST", FUNCTIONS + "backup-history", "{\"x\": \"" + "x".repeat(70_000) + "\"}"),
                413,
                "The body is too large");
    }

    // From a browser

    @ParameterizedTest
    @ValueSource(strings = {"/functions/v1/trigger-backup", "/api/backups", "/api/settings"})
    void aBrowserMayAskWithoutTheKeyWhetherAPageMayCall(String path) throws Exception {
        Map<String, String> answer = preflight(path, PAGE);
        assertThat(answer).containsEntry(":status", "204").containsEntry("access-control-allow-origin", PAGE);
        assertThat(words(answer, "vary")).containsExactly("origin");
        assertThat(words(answer, "access-control-allow-methods"))
                .containsExactlyInAnyOrder("get", "post", "put", "delete");
        assertThat(words(answer, "access-control-allow-headers"))
                .containsExactlyInAnyOrder(
                        "authorization",
                        "content-type",
                        "apikey",
                        "x-client-info",
                        "x-region",
                        "x-retry-count",
                        "traceparent",
                        "tracestate",
                        "baggage");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/backups, https://evil.example",
        "/api/backups, https://dashboard.acme.example.evil.example",
        "/api/backups, http://dashboard.acme.example",
        "/api/backups, null",
        "/hooks/github, https://dashboard.acme.example",
        "/openapi.yaml, https://dashboard.acme.example"
    })
    void otherPagesAndPathsMayNot(String path, String origin) throws Exception {
        assertThat(preflight(path, origin)).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void thePageMayReadAnswersAndErrorsButNeedsTheKey() {
        HttpResponse<String> answer = BactrianService.send(browser("GET", "/api/backups?limit=1", PAGE)
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .header("apikey", "any")
                .header("x-client-info", "supabase-js/2")
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers")).contains("Location");
        assertThat(answer.headers().firstValue("Vary")).get().asString().isEqualToIgnoringCase("origin");

        HttpResponse<String> refused = BactrianService.send(
                browser("GET", "/functions/v1/backup-history", PAGE).build());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);

        HttpResponse<String> other = BactrianService.send(browser("GET", "/api/backups?limit=1", "https://evil.example")
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .build());
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(other.headers().allValues("Vary")).contains("Origin");
    }

    private static List<String> words(Map<String, String> answer, String header) {
        return List.of(answer.get(header).toLowerCase(java.util.Locale.ROOT).split(", *"));
    }

    private static Map<String, String> preflight(String path, String origin) {
        HttpResponse<String> answer = BactrianService.send(browser("OPTIONS", path, origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization, content-type")
                .build());
        Map<String, String> headers = new java.util.TreeMap<>(Map.of(":status", Integer.toString(answer.statusCode())));
        answer.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        return headers;
    }

    private static HttpRequest.Builder browser(String method, String path, String origin) {
        return HttpRequest.newBuilder(URI.create(service.base() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin);
    }

    private static JsonNode ask(String function, String json) {
        HttpResponse<String> answer = service.send("POST", FUNCTIONS + function, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BactrianService.json(answer.body());
    }

    private static JsonNode get(String function) {
        HttpResponse<String> answer = service.send("GET", FUNCTIONS + function, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BactrianService.json(answer.body());
    }

    private static void assertError(HttpResponse<String> answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("success").asBoolean(true)).isFalse();
        assertThat(body.path("error").asText()).isEqualTo(error);
        assertThat(body.path("message").asText()).isNotBlank();
    }
}
