package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.http.functions.HmacSignature;
import dev.bactrian.support.Sha256;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GitHub's webhook, with payloads in the form of GitHub's documentation. */
class GithubHookIT {

    private static final String SECRET = "a-secret-shared-with-github-0123456789";
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PUSH = resource("push.json");

    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL", database.url(),
                        "DATABASE_URL_PROD", database.url(),
                        "GITHUB_WEBHOOK_SECRET", SECRET),
                control,
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @BeforeEach
    void forget() {
        control.run("DELETE FROM backup_history WHERE status <> 'in_progress'");
    }

    @ParameterizedTest
    @ValueSource(strings = {JSON, FORM})
    void aPushBecomesABackupOfTheBranchsDatabase(String type) {
        String delivery = UUID.randomUUID().toString();
        String body = FORM.equals(type) ? "payload=" + URLEncoder.encode(PUSH, StandardCharsets.UTF_8) : PUSH;

        HttpResponse<String> answer = deliver("push", delivery, type, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode accepted = BactrianService.json(answer.body());
        assertThat(answer.headers().firstValue("Location"))
                .contains("/api/backups/" + accepted.path("id").asText());
        JsonNode row = service.awaitEnd(accepted.path("id").asText());
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(row.path("trigger").asText()).isEqualTo("push");
        assertThat(row.path("database").asText()).isEqualTo("prod");
        assertThat(row.path("dispatch_id").asText()).isEqualTo("github-" + Sha256.of(bytes(body)) + "-prod");
        assertThat(row.path("source_repo").asText()).isEqualTo("acme/shop");
        assertThat(row.path("source_event").asText()).isEqualTo("push");
        assertThat(row.path("source_ref").asText()).isEqualTo("refs/heads/main");
        assertThat(row.path("source_sha").asText()).isEqualTo("4f2a9c1d7e5b3a8f6c0d1e2f3a4b5c6d7e8f9a0b");
        assertThat(row.path("s3_key").asText()).contains("--acme-shop--push--4f2a9c1/");
    }

    @Test
    void aBranchWhoseDatabaseIsNotConfiguredIsThatOfTheDefaultOne() {
        HttpResponse<String> answer =
                deliver("push", UUID.randomUUID().toString(), JSON, PUSH.replace("refs/heads/main", "refs/heads/dev"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(BactrianService.json(answer.body()).path("database").asText())
                .isEqualTo("default");
    }

    @Test
    void whatIsDeliveredAgainIsTheSameBackup() {
        String delivery = UUID.randomUUID().toString();
        String first = BactrianService.json(
                        deliver("push", delivery, JSON, PUSH).body())
                .path("id")
                .asText();
        service.awaitEnd(first);

        for (String id : List.of(delivery, UUID.randomUUID().toString())) {
            HttpResponse<String> again = deliver("push", id, JSON, PUSH);

            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(BactrianService.json(again.body()).path("id").asText()).isEqualTo(first);
        }
    }

    @Test
    void aPingIsAnsweredWithWhatPushesWillDo() {
        HttpResponse<String> answer = deliver("ping", "p-1", JSON, resource("ping.json"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode pong = BactrianService.json(answer.body());
        assertThat(pong.path("message").asText()).isEqualTo("pong");
        assertThat(pong.path("branches").toString()).isEqualTo("{\"main\":\"prod\",\"dev\":\"default\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "push, refs/heads/main, refs/heads/feature/main",
        "push, refs/heads/main, refs/tags/main",
        "push, refs/heads/main, main",
        "push, '\"deleted\": false', '\"deleted\": true'",
        "issues, shop, shop",
        "create, shop, shop",
        "delete, shop, shop"
    })
    void whatIsNoPushToABranchThatMattersIsIgnored(String event, String from, String to) {
        int before = rows();
        HttpResponse<String> answer = deliver(event, UUID.randomUUID().toString(), JSON, PUSH.replace(from, to));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void nobodyElseIsBelieved() {
        String signed = new HmacSignature(SECRET).of(bytes(PUSH));
        int before = rows();
        for (HttpResponse<String> answer : List.of(
                send("push", "d", JSON, publisher(PUSH), null),
                send("push", "d", JSON, publisher(PUSH), ""),
                send("push", "d", JSON, publisher(PUSH), new HmacSignature(SECRET + "x").of(bytes(PUSH))),
                send("push", "d", JSON, publisher(PUSH.replace("acme/shop", "acme/show")), signed),
                send("push", "d", JSON, BodyPublishers.noBody(), signed),
                // The key of the API is no signature.
                service.send("POST", "/hooks/github", PUSH))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
            assertThat(answer.body()).contains("urn:bactrian:problem:bad-signature");
        }
        assertThat(rows()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "payload=", "payload=%zz", "payload=%7B", "other={}"})
    void aSignedBodyThatIsNoPayloadIsRefused(String body) {
        assertThat(deliver("push", "d", JSON, body).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "acme/shop, acme/shop/x",
        "4f2a9c1d7e5b3a8f6c0d1e2f3a4b5c6d7e8f9a0b, HEAD",
        "before, behind",
        "commits, inputs",
        "full_name, another_name"
    })
    void aPushThatIsNotAsDocumentedIsRefusedOrTakenWithoutWhatItLacks(String from, String to) {
        HttpResponse<String> answer = deliver("push", UUID.randomUUID().toString(), JSON, PUSH.replace(from, to));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo("full_name".equals(from) ? 202 : 400);
    }

    @Test
    void aDeliveryHasItsHeaders() {
        String signed = new HmacSignature(SECRET).of(bytes(PUSH));
        for (HttpRequest.Builder lacking : List.of(
                request(JSON, publisher(PUSH)).header("X-GitHub-Delivery", "d"),
                request(JSON, publisher(PUSH)).header("X-GitHub-Event", "push"),
                request(JSON, publisher(PUSH))
                        .header("X-GitHub-Event", "push")
                        .header("X-GitHub-Delivery", "not an id"))) {
            assertThat(BactrianService.send(lacking.header("X-Hub-Signature-256", signed)
                                    .build())
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aLargePushIsTakenAndOneThatIsTooLargeIsNot() {
        String large = PUSH.replace("\"base_ref\": null", "\"base_ref\": \"" + "x".repeat(1_000_000) + "\"");
        assertThat(deliver("push", "large-1", JSON, large).statusCode()).isEqualTo(202);

        byte[] tooLarge = bytes(" ".repeat(4_194_305));
        for (BodyPublisher publisher : List.of(
                BodyPublishers.ofByteArray(tooLarge),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))) {
            HttpResponse<String> answer =
                    send("push", "large-2", JSON, publisher, new HmacSignature(SECRET).of(tooLarge));
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("Send at most 4194304 bytes.");
        }
    }

    /** Only this path and method are open, and only there more than usual may be sent. */
    @Test
    void nothingElseIsOpenToDeliveries() {
        for (String path : List.of("/hooks/github/", "/hooks/github/x", "/hooks", "/api/backups", "/hooks/gitlab")) {
            HttpResponse<String> answer = BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + path))
                    .header("X-GitHub-Event", "push")
                    .header("X-GitHub-Delivery", "d")
                    .header("X-Hub-Signature-256", new HmacSignature(SECRET).of(bytes(PUSH)))
                    .POST(publisher(PUSH))
                    .build());
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.body()).as(path).contains("urn:bactrian:problem:unauthorized");
        }
        assertThat(BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/hooks/github"))
                                .build())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void switchedOffBackupsAreRefused() {
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'false')");
        try {
            HttpResponse<String> answer = deliver("push", "off-1", JSON, PUSH);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("urn:bactrian:problem:backups-disabled");
        } finally {
            control.run("DELETE FROM system_settings_kv");
        }
    }

    @Test
    void withoutASecretTheHookIsOff() {
        try (BactrianService off = BactrianService.start(control.url(), PostgresServer.V17.createDatabase(), store)) {
            HttpResponse<String> answer = off.send("POST", "/hooks/github", PUSH);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("urn:bactrian:problem:github-off", "Set it, restart the service");
        }
    }

    private static HttpResponse<String> deliver(String event, String delivery, String type, String body) {
        return send(event, delivery, type, publisher(body), new HmacSignature(SECRET).of(bytes(body)));
    }

    private static HttpResponse<String> send(
            String event, String delivery, String type, BodyPublisher body, String signature) {
        HttpRequest.Builder request =
                request(type, body).header("X-GitHub-Event", event).header("X-GitHub-Delivery", delivery);
        if (signature != null) {
            request.header("X-Hub-Signature-256", signature);
        }
        return BactrianService.send(request.build());
    }

    private static HttpRequest.Builder request(String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(service.base() + "/hooks/github"))
                .header("User-Agent", "GitHub-Hookshot/044aadd")
                .header("Content-Type", type)
                .POST(body);
    }

    private static int rows() {
        return control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class);
    }

    private static BodyPublisher publisher(String text) {
        return BodyPublishers.ofByteArray(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String resource(String name) {
        try (InputStream in = GithubHookIT.class.getResourceAsStream("/github/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
