package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.RawHttp;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What anybody can do to {@code /hooks/github}, which needs no key: to a service with 256 MB of memory. */
class DeliveriesIT {

    private static final String SECRET = "a-secret-shared-with-github-0123456789";
    private static final int LARGEST = 4_194_304;
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private static TestDatabase control;
    private static TestStore store;
    private static BactrianProcess service;
    private static byte[] push;

    @BeforeAll
    static void start() throws IOException {
        control = PostgresServer.V17.createDatabase();
        TestDatabase source = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        store = TestStore.start();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString(),
                "BACKUP_RATE_LIMIT", "4",
                "GITHUB_WEBHOOK_SECRET", SECRET));
        service = BactrianProcess.serve(settings);
        try (InputStream in = DeliveriesIT.class.getResourceAsStream("/github/push.json")) {
            push = in.readAllBytes();
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    /** Each sends all of the largest delivery but its last byte, and waits. */
    @Test
    void sixtySlowDeliveriesNeitherEndTheServiceNorKeepOthersOut() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(60);
        try {
            List<Future<String>> slow = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                boolean chunked = i % 2 == 0;
                slow.add(threads.submit(() -> slow(chunked)));
            }
            assertThat(service.send(BactrianService.API_KEY, "GET", "/api/backups", null)
                            .statusCode())
                    .isEqualTo(200);
            Map<String, Integer> answers = new HashMap<>();
            for (Future<String> answer : slow) {
                String text = answer.get();
                answers.merge(text.substring(0, Math.min(12, text.length())), 1, Integer::sum);
                if (text.startsWith("HTTP/1.1 503 ")) {
                    assertThat(text).containsIgnoringCase("Retry-After: 10").contains("too-many-deliveries");
                }
            }
            assertThat(answers).containsOnlyKeys("HTTP/1.1 503", "HTTP/1.1 408");
            assertThat(answers.get("HTTP/1.1 503")).isGreaterThanOrEqualTo(50);
        } finally {
            threads.shutdownNow();
        }
        byte[] next = new String(push, StandardCharsets.UTF_8)
                .replace("\"base_ref\": null", "\"base_ref\": \"" + "x".repeat(1_000_000) + "\"")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(delivered(next, UUID.randomUUID().toString(), "push")).startsWith("HTTP/1.1 202 ");
    }

    private static String slow(boolean chunked) {
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + LARGEST;
        try (RawHttp connection = RawHttp.to(service.base())) {
            connection.send(head("push", "d", "sha256=" + "0".repeat(64), framing));
            connection.send(chunked ? "400000\r\n" : "");
            connection.send(new byte[LARGEST - 1]);
            return connection.answer(LONGEST);
        }
    }

    @Test
    void whatIsRefusedAnywayIsRefusedBeforeItsBody() {
        Map<String, String> refused = Map.of(
                "Content-Length: 9",
                "HTTP/1.1 401 ",
                "Content-Length: 9\r\nX-Hub-Signature-256: sha256=short",
                "HTTP/1.1 401 ",
                "Content-Length: 9\r\nExpect: 100-continue",
                "HTTP/1.1 401 ",
                "Transfer-Encoding: chunked",
                "HTTP/1.1 401 ",
                "Content-Length: 4194305\r\nX-Hub-Signature-256: sha256=" + "0".repeat(64),
                "HTTP/1.1 413 ");
        refused.forEach((headers, status) -> {
            try (RawHttp connection = RawHttp.to(service.base())
                    .send("POST /hooks/github HTTP/1.1\r\n"
                            + "Host: bactrian\r\n"
                            + "X-GitHub-Event: push\r\n"
                            + "X-GitHub-Delivery: d\r\n"
                            + headers + "\r\n\r\n")) {
                assertThat(connection.answer(Duration.ofSeconds(8))).as(headers).startsWith(status);
            }
        });
    }

    @Test
    void aDeliveryThatAsksFirstIsAskedForItsBody() throws Exception {
        try (RawHttp connection = RawHttp.to(service.base())) {
            connection.send(head(
                    "push",
                    "d",
                    signature(push),
                    "Content-Length: " + push.length + "\r\nExpect: 100-continue\r\nConnection: close"));
            assertThat(connection.some(100)).startsWith("HTTP/1.1 100 ");
            assertThat(connection.send(push).answer(LONGEST)).contains("HTTP/1.1 202 ");
        }
    }

    /** Only the body is signed: neither another id nor another name of the event makes something new of it. */
    @Test
    void aCapturedDeliveryIsTheSameBackupHoweverItIsSentAgain() throws Exception {
        byte[] other =
                new String(push, StandardCharsets.UTF_8).replace("Zoë", "Zoe").getBytes(StandardCharsets.UTF_8);
        int before = rows();
        String first = delivered(other, UUID.randomUUID().toString(), "push");
        assertThat(first).startsWith("HTTP/1.1 202 ");
        String id = id(first);
        for (int i = 0; i < 5; i++) {
            String again = delivered(other, UUID.randomUUID().toString(), "push");
            assertThat(again).startsWith("HTTP/1.1 202 ");
            assertThat(id(again)).isEqualTo(id);
        }
        assertThat(rows()).isEqualTo(before + 1);

        String dispatched =
                "{\"ref\":\"refs/heads/main\",\"workflow\":\"x\",\"repository\":{\"full_name\":\"acme/shop\"}}";
        assertThat(delivered(dispatched.getBytes(StandardCharsets.UTF_8), "d", "push"))
                .as("what was signed as another event")
                .startsWith("HTTP/1.1 400 ");
        assertThat(rows()).isEqualTo(before + 1);
    }

    private static String delivered(byte[] body, String delivery, String event) throws Exception {
        try (RawHttp connection = RawHttp.to(service.base())) {
            return connection
                    .send(head(
                            event,
                            delivery,
                            signature(body),
                            "Content-Length: " + body.length + "\r\nConnection: close"))
                    .send(body)
                    .answer(LONGEST);
        }
    }

    private static String signature(byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    }

    private static String head(String event, String delivery, String signature, String framing) {
        return "POST /hooks/github HTTP/1.1\r\nHost: bactrian\r\nContent-Type: application/json\r\nX-GitHub-Event: "
                + event
                + "\r\nX-GitHub-Delivery: " + delivery + "\r\nX-Hub-Signature-256: " + signature + "\r\n" + framing
                + "\r\n\r\n";
    }

    private static String id(String answer) {
        return BactrianService.json(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
                .path("id")
                .asText();
    }

    private static int rows() {
        return control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class);
    }
}
