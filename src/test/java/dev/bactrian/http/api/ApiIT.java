package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP API as its callers meet it: well-meaning, careless and hostile ones. */
class ApiIT {

    private static final String BACKUPS = "/api/backups";
    private static final String KEY = "Bearer " + BactrianService.API_KEY;
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    private static final String FAILED = "11111111-1111-4111-8111-111111111111";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestDatabase database;
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static OtherNode otherNode;
    private static JsonNode good;

    @BeforeAll
    static void start() {
        database = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 1000) g");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "DATABASE_URL_BILLING", database.url(), "CORS_ORIGINS", "*"),
                control,
                store);
        good = service.backUp();
        // Running elsewhere, these keep whatever the tests ask for in the queue.
        for (String held : List.of("default", "billing")) {
            control.run("INSERT INTO backup_history (database, phase, node, heartbeat_at) VALUES ('" + held
                    + "', 'dumping', 'elsewhere/1/1', now() + interval '1 hour')");
        }
        otherNode = OtherNode.beating(control);
        control.run("INSERT INTO backup_history (id, status, error_text) VALUES ('" + FAILED + "', 'failed', 'why')");
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        service.close();
        store.close();
    }

    // What well-meaning callers get

    @Test
    void anAcceptedBackupIsFoundAtItsLocation() {
        HttpResponse<String> answer = post("{\"database\": \"billing\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode row = BactrianService.json(answer.body());
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo(BACKUPS + "/" + row.path("id").asText());
        assertThat(row.path("status").asText()).isEqualTo("in_progress");
        assertThat(row.path("phase").asText()).isEqualTo("queued");
        assertThat(row.path("database").asText()).isEqualTo("billing");
        assertThat(row.path("trigger").asText()).isEqualTo("api");
        assertThat(BactrianService.json(call("GET", location).body())).isEqualTo(row);
    }

    @Test
    void aBackupRemembersWhatWasSaidAboutIt() {
        String ref = "refs/heads/Zoë/\uD83D\uDC2A-" + "x".repeat(200);
        JsonNode row = BactrianService.json(post("{\"database\": null, \"dispatch_id\": \"" + "d".repeat(100)
                        + "\", \"source_repo\": \"" + "o".repeat(100) + "/" + "r".repeat(100)
                        + "\", \"event\": \"pull_request\", \"ref\": \"" + ref + "\", \"sha\": \""
                        + "0123456789abcdef".repeat(4) + "\", \"workflow_run_id\": \"1.a_b:c-d\"}")
                .body());

        assertThat(row.path("database").asText()).isEqualTo("default");
        assertThat(row.path("dispatch_id").asText()).isEqualTo("d".repeat(100));
        assertThat(row.path("source_repo").asText()).isEqualTo("o".repeat(100) + "/" + "r".repeat(100));
        assertThat(row.path("source_event").asText()).isEqualTo("pull_request");
        assertThat(row.path("source_ref").asText()).isEqualTo(ref);
        assertThat(row.path("source_sha").asText()).isEqualTo("0123456789abcdef".repeat(4));
        assertThat(row.path("workflow_run_id").asText()).isEqualTo("1.a_b:c-d");
    }

    @Test
    void noBodyMeansTheDefaultDatabase() {
        List<HttpResponse<String>> answers = List.of(
                call("POST", BACKUPS),
                post(""),
                post(" \n"),
                post("{}"),
                call("POST", BACKUPS, text("{}"), "Content-Type", "Application/JSON; charset=utf-8"));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(BactrianService.json(answer.body()).path("database").asText())
                    .isEqualTo("default");
        });
    }

    @Test
    void theSameDispatchIdIsTheSameBackup() {
        HttpResponse<String> first = post("{\"dispatch_id\": \"same\"}");
        HttpResponse<String> second = post("{\"dispatch_id\": \"same\", \"database\": \"default\"}");

        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(rows("dispatch_id = 'same'")).isEqualTo(1);
    }

    @Test
    void anotherRequestUnderADispatchIdIsRefusedAndNotQueued() {
        post("{\"dispatch_id\": \"other\", \"tables\": [\"*.a\"]}");
        long before = rows("true");

        for (String body : List.of(
                "{\"dispatch_id\": \"other\"}",
                "{\"dispatch_id\": \"other\", \"tables\": [\"*.b\"]}",
                "{\"dispatch_id\": \"other\", \"tables\": [\"*.a\"], \"database\": \"billing\"}",
                "{\"dispatch_id\": \"other\", \"tables\": [\"*.a\"], \"sha\": \"0123abc\"}")) {
            assertProblem(post(body), 422, "dispatch-id-used");
        }
        assertThat(rows("true")).isEqualTo(before);
    }

    @Test
    void callersThatSendOneDispatchIdAtOnceGetOneBackup() throws Exception {
        int callers = 10;
        for (String dispatch : List.of("rush-1", "rush-2", "rush-3")) {
            CyclicBarrier barrier = new CyclicBarrier(callers);
            List<String> answers = together(callers, () -> {
                barrier.await();
                HttpResponse<String> answer = post("{\"dispatch_id\": \"" + dispatch + "\"}");
                return answer.statusCode() + " " + answer.body();
            });
            assertThat(answers).allMatch(answer -> answer.startsWith("202 "));
            assertThat(answers.stream().distinct()).hasSize(1);
            assertThat(rows("dispatch_id = '" + dispatch + "'")).isEqualTo(1);
        }
    }

    @Test
    void pagesHoldEveryBackupOnceThoughNewOnesBegin() {
        insertPaged(12, "2026-01-02T03:04:05.123456Z");
        insertPaged(11, "2026-01-02T03:04:05.123457Z");
        List<String> expected = control.jdbc()
                .queryForList(
                        "SELECT id::text FROM backup_history WHERE database = 'paging' ORDER BY created_at DESC, id DESC",
                        String.class);
        List<String> found = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = list("?database=paging&limit=7" + cursor);
            page.path("backups").forEach(row -> found.add(row.path("id").asText()));
            sizes.add(page.path("backups").size());
            assertThat(page.has("next_cursor")).isTrue();
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asText();
            insertPaged(1, "2026-02-01T00:00:00Z");
        } while (!cursor.isEmpty());

        assertThat(found).isEqualTo(expected);
        assertThat(sizes).containsExactly(7, 7, 7, 2);
        assertThat(list("?database=paging&limit=27").path("next_cursor").isNull())
                .isTrue();
        assertThat(list("?database=paging").path("backups")).hasSize(20);
        assertThat(list("?database=paging&limit=100").path("backups")).hasSize(27);
    }

    @Test
    void filtersLeaveOutWhatWasNotAskedFor() {
        control.run("INSERT INTO backup_history (status, database, trigger) VALUES ('success', 'sieve', 'push'), "
                + "('success', 'sieve', 'api'), ('cancelled', 'sieve', 'schedule'), ('cancelled', 'sift', 'schedule')");

        assertThat(list("?database=sieve").path("backups")).hasSize(3);
        assertThat(list("?database=sieve&status=success").path("backups"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.path("database").asText()).isEqualTo("sieve");
                    assertThat(row.path("status").asText()).isEqualTo("success");
                });
        assertThat(list("?status=cancelled").path("backups"))
                .extracting(row -> row.path("database").asText())
                .containsExactlyInAnyOrder("sieve", "sift");
        assertThat(list("?trigger=schedule").path("backups"))
                .extracting(row -> row.path("database").asText())
                .containsExactlyInAnyOrder("sieve", "sift");
        assertThat(list("?database=sieve&trigger=push").path("backups"))
                .singleElement()
                .satisfies(row -> assertThat(row.path("trigger").asText()).isEqualTo("push"));
        assertThat(list("?database=nowhere").path("backups")).isEmpty();
    }

    @Test
    void aDownloadLinkGivesTheArchiveToWhoeverHasIt() throws Exception {
        HttpResponse<String> answer =
                call("POST", BACKUPS + "/" + good.path("id").asText() + "/download-url");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode link = BactrianService.json(answer.body());
        String url = link.path("url").asText();

        HttpResponse<byte[]> archive =
                HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());

        assertThat(archive.statusCode()).isEqualTo(200);
        assertThat(archive.body()).hasSize(good.path("size_bytes").asInt());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive.body())))
                .isEqualTo(good.path("sha256").asText());
        assertThat(Instant.parse(link.path("expires_at").asText()))
                .isBetween(Instant.now().plusSeconds(840), Instant.now().plusSeconds(900));
        assertThat(url).contains("X-Amz-Expires=900&").doesNotContain(TestStore.SECRET);
        HttpResponse<String> forged = HTTP.send(
                HttpRequest.newBuilder(URI.create(url.replace("Expires=900", "Expires=901")))
                        .build(),
                BodyHandlers.ofString());
        assertThat(forged.statusCode()).isEqualTo(403);
    }

    @Test
    void theManifestIsTheOneBesideTheArchive() throws IOException {
        HttpResponse<String> answer =
                call("GET", BACKUPS + "/" + good.path("id").asText() + "/manifest");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String key = good.path("s3_key").asText();
        assertThat(store.download(key.substring(0, key.lastIndexOf('/')) + "/manifest.json"))
                .hasContent(answer.body());
        JsonNode archive = BactrianService.json(answer.body()).path("archive");
        assertThat(archive.path("sha256")).isEqualTo(good.path("sha256"));
        assertThat(archive.path("size").asLong())
                .isEqualTo(good.path("size_bytes").asLong());
    }

    // What careless and hostile callers get: a problem that says what to do, and no row

    private long before;

    @BeforeEach
    void count() {
        before = rows("true");
    }

    static Stream<String> refusedBodies() {
        String deep = "{\"ref\":".repeat(9_000);
        return Stream.of(
                "{",
                "}",
                "[]",
                "[{}]",
                "\"default\"",
                "1",
                "null",
                "{}x",
                "{} {}",
                "{},",
                "{'database':'default'}",
                "{\"database\":\"default\",}",
                "{\"database\":NaN}",
                "{database:\"default\"}",
                "// comment\n{}",
                "{\"database\":1}",
                "{\"database\":true}",
                "{\"database\":[\"default\"]}",
                "{\"database\":{\"name\":\"default\"}}",
                "{\"workflow_run_id\":19553012345}",
                "{\"database\":\"\"}",
                "{\"database\":\"elsewhere\"}",
                "{\"database\":\"Default\"}",
                "{\"database\":\"default\\u0000\"}",
                "{\"database\":\"default\\n\"}",
                "{\"database\":\"postgresql://a:b@127.0.0.1/x\"}",
                "{\"database\":\"" + "d".repeat(41) + "\"}",
                "{\"Database\":\"default\"}",
                "{\"id\":\"" + UNKNOWN + "\"}",
                "{\"trigger\":\"manual\"}",
                "{\"status\":\"success\"}",
                "{\"database\":\"default\",\"database\":\"default\"}",
                "{\"ref\":\"a\",\"r\\u0065f\":\"a\"}",
                "{\"dispatch_id\":\"\"}",
                "{\"dispatch_id\":\"a b\"}",
                "{\"dispatch_id\":\"a'; DROP TABLE backup_history; --\"}",
                "{\"dispatch_id\":\"" + "d".repeat(101) + "\"}",
                "{\"source_repo\":\"a/b/c\"}",
                "{\"source_repo\":\"../../a\"}",
                "{\"source_repo\":\"/a\"}",
                "{\"source_repo\":\"a/" + "r".repeat(101) + "\"}",
                "{\"event\":\"Push\"}",
                "{\"event\":\"" + "e".repeat(51) + "\"}",
                "{\"ref\":\"\"}",
                "{\"ref\":\"a\\u0000b\"}",
                "{\"ref\":\"a\\nb\"}",
                "{\"ref\":\"a\\u001bb\"}",
                "{\"ref\":\"a\\u007fb\"}",
                "{\"ref\":\"a\\u0085b\"}",
                "{\"ref\":\"a\\ud800b\"}",
                "{\"ref\":\"a\nb\"}",
                "{\"ref\":\"" + "r".repeat(256) + "\"}",
                "{\"sha\":\"abcdef\"}",
                "{\"sha\":\"ABCDEF0\"}",
                "{\"sha\":\"" + "a".repeat(65) + "\"}",
                "{\"workflow_run_id\":\"" + "1".repeat(101) + "\"}",
                "{\"ref\":" + "1".repeat(60_000) + "}",
                "[".repeat(60_000),
                deep,
                "\u0000");
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("refusedBodies")
    void aBodyThatIsNotAsDescribedIsRefused(String body) {
        assertProblem(post(body), 400, "bad-request");
        assertNothingAdded();
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        byte[] latin1 = "{\"ref\":\"Zoë\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"ref\":\"Zoë\"}".getBytes(StandardCharsets.UTF_16);
        for (byte[] body : List.of(latin1, utf16)) {
            for (String type : List.of("application/json", "application/json; charset=utf-16")) {
                assertProblem(
                        call("POST", BACKUPS, BodyPublishers.ofByteArray(body), "Content-Type", type),
                        400,
                        "bad-request");
            }
        }
        assertNothingAdded();
    }

    static Stream<Arguments> bodiesOfOtherTypes() {
        String part = "--b\r\nContent-Disposition: form-data; name=\"database\"%s\r\n\r\ndefault\r\n--b--\r\n";
        return Stream.of(
                Arguments.of(FORM, "database=default"),
                Arguments.of(FORM, "Content-Type=application%2Fjson"),
                Arguments.of("multipart/form-data; boundary=b", String.format(part, "")),
                Arguments.of("multipart/form-data; boundary=b", String.format(part, "; filename=\"../../x\"")),
                Arguments.of("text/plain", "{}"),
                Arguments.of("text/json", "{}"),
                Arguments.of("application/jsonx", "{}"),
                Arguments.of("application/json-patch+json", "{}"),
                Arguments.of("application/xml", "<database>default</database>"),
                Arguments.of("*/*", "{}"),
                Arguments.of("json", "{}"));
    }

    @ParameterizedTest
    @MethodSource("bodiesOfOtherTypes")
    void aBodyThatIsNotDeclaredAsJsonIsRefused(String type, String body) {
        assertProblem(call("POST", BACKUPS, text(body), "Content-Type", type), 415, "unsupported-media-type");
        assertProblem(call("POST", BACKUPS, text("{}")), 415, "unsupported-media-type");
        assertNothingAdded();
    }

    @ParameterizedTest
    @ValueSource(ints = {65_537, 3_000_000})
    void aBodyLargerThan64KibIsRefusedHoweverItIsSent(int size) {
        byte[] body = ("{}" + " ".repeat(size - 2)).getBytes(StandardCharsets.US_ASCII);
        for (BodyPublisher publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            assertProblem(call("POST", BACKUPS, publisher, "Content-Type", "application/json"), 413, "too-large");
        }
        assertNothingAdded();

        byte[] largest = java.util.Arrays.copyOf(body, 65_536);
        assertThat(call(
                                "POST",
                                BACKUPS,
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(largest)),
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(202);
    }

    static Stream<String> refusedQueries() {
        return Stream.of(
                "status=",
                "status=SUCCESS",
                "status=success,failed",
                "status=success&status=success",
                "status=success%00",
                "status='%20OR%20true",
                "database=",
                "database=Default",
                "database=%00",
                "database=%ff",
                "database=%zz",
                "database=a&database=a",
                "database=" + "d".repeat(41),
                "limit=",
                "limit=0",
                "limit=-1",
                "limit=101",
                "limit=1000",
                "limit=1.0",
                "limit=%2B1",
                "limit=%D9%A1",
                "limit=1&limit=1",
                "limit=99999999999999999999",
                "limit=5%3BDROP",
                "cursor=",
                "cursor=x",
                "cursor=%00",
                "cursor=" + cursor("yesterday|" + UNKNOWN),
                "cursor=" + cursor("2026-01-01T00:00:00Z"),
                "cursor=" + cursor("2026-01-01T00:00:00Z|x"),
                "cursor=" + cursor("|"),
                // Times that Java reads and PostgreSQL doesn't.
                "cursor=" + cursor("+1000000000-12-31T23:59:59.999999999Z|" + UNKNOWN),
                "cursor=" + cursor("-1000000000-01-01T00:00:00Z|" + UNKNOWN),
                "cursor=" + cursor("0000-01-01T00:00:00Z|" + UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("refusedQueries")
    void aQueryThatIsNotAsDescribedIsRefused(String query) {
        Answer answer = raw("GET " + BACKUPS + "?" + query + " HTTP/1.1", "Authorization: " + KEY);
        assertProblem(answer.status(), answer.type(), answer.body(), 400, "bad-request");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/backups/{unknown}, 404",
        "GET, /api/backups/{unknown}/manifest, 404",
        "POST, /api/backups/{unknown}/download-url, 404",
        "GET, /api/backups/{failed}/manifest, 409",
        "POST, /api/backups/{failed}/download-url, 409",
        "GET, /api/backups/1, 400",
        "GET, /api/backups/null, 400",
        "GET, /api/backups/{good}0, 400",
        "GET, /api/backups/1-1-1-1-1, 400",
        "GET, /api/backups/%20{good}, 400",
        "GET, /api/backups/{good}%0A, 400",
        "GET, /api/backups/{good}%00, 400",
        "GET, /api/backups/{good};a=b, 400",
        "GET, /api/backups/{good}%2Fmanifest, 400",
        "GET, /api/backups/..%2F{good}, 400",
        "GET, /api/backups/%252e%252e, 400",
        "GET, /api/backups/*, 400",
        "GET, /api/backups/1/manifest, 400",
        "POST, /api/backups/1/download-url, 400",
        "GET, /api/backups/{good}?id={failed}, 400",
        "GET, /api/backups/{good}/manifest?id={failed}, 400",
        "POST, /api/backups/{good}/download-url?id={failed}, 400",
        "GET, /api/backups/%zz, 400",
        "GET, /api/backups/%, 400",
        "GET, /api/backups/%ff, 400",
        "GET, /api/backups/../../etc/passwd, 404",
        "GET, /api/backups/%2e%2e/%2e%2e/application.properties, 404",
        "GET, /api/backups/{good}/manifest/more, 404",
        "GET, /api/backups/{good}/manifest/../../../x, 404",
        "GET, /api/Backups, 404",
        "GET, /api, 404",
        "POST, /api/settings, 404",
        "DELETE, /api/settings, 404",
        "GET, /favicon.ico, 404",
        "GET, /openapi.yaml/x, 404",
        "GET, /WEB-INF/web.xml, 404",
        "GET, /observe/health, 404",
        "GET, /observe/metrics, 404",
        "GET, /q/health, 404",
        "GET, /q/dev, 404",
        "PUT, /api/backups, 404",
        "PATCH, /api/backups, 404",
        "DELETE, /api/backups, 404",
        "TRACE, /api/backups, 404",
        "OPTIONS, /api/backups, 404",
        "FROBNICATE, /api/backups, 404",
        "post, /api/backups, 404",
        "DELETE, /api/backups/{good}/manifest, 404",
        "POST, /api/backups/{good}, 404",
        "POST, /api/backups/{good}/manifest, 404",
        "GET, /api/backups/{good}/download-url, 404",
        "PUT, /openapi.yaml, 404",
        "POST, /, 404",
        "GET, /web, 404",
        "POST, /web/panel.js, 404",
    })
    void aPathOrMethodThatIsNotDescribedIsRefused(String method, String path, int status) {
        Answer answer = raw(method + " " + fill(path) + " HTTP/1.1", "Authorization: " + KEY, "Content-Length: 0");

        String code = status == 400 ? "bad-request" : status == 409 ? "no-archive" : "not-found";
        assertProblem(answer.status(), answer.type(), answer.body(), status, code);
        // TRACE echoes a request, key and all, where it is served.
        assertThat(answer.body()).doesNotContain(BactrianService.API_KEY);
        assertNothingAdded();
    }

    @Test
    void headersThatSteerCamelHaveNoEffectWhereverTheyAreSent() {
        List<String> steering = List.of(
                "CamelSqlQuery", "DELETE FROM backup_history",
                "CamelSqlParameters", "x",
                "CamelSqlRetrieveGeneratedKeys", "true",
                "CamelHttpUri", "/openapi.yaml",
                "CamelHttpPath", "/openapi.yaml",
                "CamelHttpMethod", "DELETE",
                "CamelHttpResponseCode", "299",
                "CamelAwsS3Key", "backups/latest/default/manifest.json",
                "CamelAwsS3BucketName", "elsewhere",
                "CamelAwsS3OverrideBucketName", "elsewhere",
                "CamelAwsS3Operation", "deleteObject",
                "CamelAwsS3DowloadLinkExpirationTime", "604800000",
                "CamelExecCommandExecutable", "touch",
                "CamelExecCommandArgs", store.bucket() + "-was-here",
                "CamelFileName", "../x",
                "CamelBeanMethodName", "openapi",
                "CAmelSqlQuery", "DELETE FROM backup_history",
                "camelbeanmethodname", "openapi",
                "org.apache.camel.x", "x",
                "key", "backups/latest/default/manifest.json",
                "backupId", FAILED);
        String query = "?";
        for (int i = 0; i < steering.size(); i += 2) {
            query += steering.get(i) + "=" + URLEncoder.encode(steering.get(i + 1), StandardCharsets.UTF_8) + "&";
        }
        String[] headers = steering.toArray(String[]::new);
        String one = BACKUPS + "/" + good.path("id").asText();
        String link = good.path("s3_key").asText() + "?";

        for (String path : List.of(BACKUPS, one, one + "/manifest")) {
            String usual = call("GET", path).body();
            assertThat(call("GET", path, none(), headers).body()).isEqualTo(usual);
            assertThat(call("GET", path + query, none()).body()).isEqualTo(usual);
            assertThat(call("GET", path + query, none(), headers).body()).isEqualTo(usual);
        }
        for (HttpResponse<String> answer : List.of(
                call("POST", one + "/download-url", none(), headers),
                call("POST", one + "/download-url" + query, none()),
                call("POST", one + "/download-url", text(query.substring(1)), "Content-Type", FORM))) {
            assertThat(answer.body()).contains(link).contains("X-Amz-Expires=900&");
        }
        assertNothingAdded();

        HttpResponse<String> queued = call("POST", BACKUPS + query, none(), headers);
        assertThat(queued.statusCode()).isEqualTo(202);
        assertThat(rows("true")).isEqualTo(before + 1);
        assertThat(store.keys()).contains(good.path("s3_key").asText());
        assertThat(Path.of(store.bucket() + "-was-here")).doesNotExist();
    }

    @Test
    void headersNamedLikeParametersAreNotTakenForThem() {
        String[] headers = {
            "id",
            FAILED,
            "status",
            "failed",
            "database",
            "nowhere",
            "limit",
            "1",
            "cursor",
            "x",
            "list",
            "x",
            "request",
            "x"
        };
        String one = BACKUPS + "/" + good.path("id").asText();
        for (String path : List.of(one, BACKUPS, one + "/manifest")) {
            HttpResponse<String> answer = call("GET", path, none(), headers);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(call("GET", path).body());
        }
    }

    // Keys

    static Stream<Arguments> wrongKeys() {
        String key = BactrianService.API_KEY;
        return Stream.of(
                Arguments.of("none", List.of()),
                Arguments.of("empty", List.of("Authorization:")),
                Arguments.of("wrong", List.of("Authorization: Bearer " + key + "x")),
                Arguments.of("a part", List.of("Authorization: Bearer " + key.substring(1))),
                Arguments.of("other case", List.of("Authorization: Bearer " + key.toUpperCase(java.util.Locale.ROOT))),
                Arguments.of("scheme alone", List.of("Authorization: Bearer")),
                Arguments.of("scheme and space", List.of("Authorization: Bearer ")),
                Arguments.of("no scheme", List.of("Authorization: " + key)),
                Arguments.of("other scheme", List.of("Authorization: Token " + key)),
                Arguments.of("comma", List.of("Authorization: Bearer," + key)),
                Arguments.of("two keys in one", List.of("Authorization: Bearer " + key + ", Bearer " + key)),
                Arguments.of("two headers", List.of("Authorization: Bearer " + key, "Authorization: Bearer " + key)),
                Arguments.of("wrong and right", List.of("Authorization: Bearer x", "Authorization: Bearer " + key)),
                Arguments.of("right and wrong", List.of("Authorization: Bearer " + key, "authorization: Bearer x")),
                Arguments.of("basic", List.of("Authorization: Basic " + base64("x:" + key))),
                Arguments.of("base64", List.of("Authorization: Bearer " + base64(key))),
                Arguments.of("other header", List.of("X-API-Key: " + key, "Proxy-Authorization: Bearer " + key)),
                Arguments.of("cookie", List.of("Cookie: Authorization=Bearer%20" + key)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongKeys")
    void nobodyPassesWithoutTheKey(String name, List<String> headers) {
        List<String> requests = new ArrayList<>(List.of(
                "GET /nowhere",
                "PUT /api/backups",
                "GET /openapi.yaml/",
                "GET /openapi.yaml/../api/backups",
                "GET /openapi.yaml%2f..%2fapi%2fbackups",
                "GET /openapi.yaml;/../api/backups",
                "GET //api/backups",
                "GET /%61pi/backups",
                "GET /../api/backups",
                "GET /observe/metrics",
                "GET /observe/health"));
        service.app().context().getRoutes().stream()
                .map(route -> route.getEndpoint())
                .filter(PlatformHttpEndpoint.class::isInstance)
                .map(PlatformHttpEndpoint.class::cast)
                // GitHub shows a signature in its place: GithubHookIT. The page is open: PageFilesIT.
                .filter(http -> !List.of("/", "/openapi.yaml", "/hooks/github").contains(http.getPath()))
                // GET,HEAD: an answer to HEAD has no body to look at.
                .forEach(http -> requests.add(http.getHttpMethodRestrict().replaceFirst(",.*", "") + " "
                        + http.getPath().replace("{id}", good.path("id").asText())));
        assertThat(requests).hasSizeGreaterThanOrEqualTo(16);

        for (String request : requests) {
            Answer answer = raw(request + " HTTP/1.1", headers.toArray(String[]::new));
            if (request.contains(" /functions/")) {
                assertThat(answer.status()).as(request).isEqualTo(401);
                assertThat(answer.body()).startsWith("{\"success\":false,\"error\":\"Invalid API key\"");
            } else {
                assertProblem(answer.status(), answer.type(), answer.body(), 401, "unauthorized");
            }
            assertThat(answer.header("WWW-Authenticate")).as(request).isEqualTo("Bearer");
        }
        assertNothingAdded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "api_key", "apikey", "access_token", "token", "Authorization"})
    void theKeyIsNotTakenFromTheQuery(String parameter) {
        for (String value : List.of(BactrianService.API_KEY, "Bearer%20" + BactrianService.API_KEY)) {
            Answer answer = raw("GET " + BACKUPS + "?" + parameter + "=" + value + " HTTP/1.1");
            assertProblem(answer.status(), answer.type(), answer.body(), 401, "unauthorized");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer ", "authorization: bearer ", "AUTHORIZATION: BEARER   "})
    void theSchemesCaseDoesNotMatter(String header) {
        assertThat(raw("GET " + BACKUPS + " HTTP/1.1", header + BactrianService.API_KEY)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyThePageAndTheContractAreOpen() {
        Answer root = raw("GET / HTTP/1.1");
        assertThat(root.status()).isEqualTo(200);
        assertThat(root.type()).isEqualTo("text/html; charset=utf-8");
        Answer contract = raw("GET /openapi.yaml HTTP/1.1");
        assertThat(contract.status()).isEqualTo(200);
        assertThat(contract.type()).isEqualTo("application/yaml");
    }

    // When it can't be done

    @Test
    void switchedOffBackupsAreRefusedAndNotQueued() {
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'false')");
        try {
            assertProblem(post("{\"dispatch_id\": \"off\"}"), 409, "backups-disabled");
            assertNothingAdded();
        } finally {
            control.run("DELETE FROM system_settings_kv");
        }
        assertThat(post("{\"dispatch_id\": \"off\"}").statusCode()).isEqualTo(202);
    }

    @Test
    void disabledBackupsAreRefusedAndNotQueued() {
        TestDatabase own = PostgresServer.V17.createDatabase();
        try (BactrianService disabled =
                BactrianService.start(Map.of("DATABASE_URL", database.url(), "BACKUP_ENABLED", "false"), own, store)) {
            HttpResponse<String> answer = disabled.send("POST", BACKUPS, "{}");
            assertProblem(answer, 409, "backups-disabled");
            assertThat(BactrianService.json(answer.body()).path("detail").asText())
                    .contains("BACKUP_ENABLED");
            assertThat(own.jdbc().queryForObject("SELECT count(*) FROM backup_history", Long.class))
                    .isZero();
            assertThat(disabled.send("GET", BACKUPS, null).statusCode()).isEqualTo(200);
            for (String unreadable : List.of("\"maybe\"", "\"true\"", "1", "null")) {
                own.run("INSERT INTO system_settings_kv VALUES ('backup_enabled', '" + unreadable
                        + "'), ('retention', '{\"keep_last\": 0}')"
                        + " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
                assertProblem(disabled.send("POST", BACKUPS, "{}"), 409, "backups-disabled");
                JsonNode settings = BactrianService.json(
                        disabled.send("GET", "/api/settings", null).body());
                assertThat(settings.path("backup_enabled").booleanValue()).isFalse();
                JsonNode origins = settings.path("origins");
                assertThat(origins.at("/backup_enabled/from").asText()).isEqualTo("configuration");
                assertThat(origins.at("/backup_enabled/problem").asText())
                        .contains(unreadable, "must be true or false", "The configuration holds");
                assertThat(origins.at("/retention/problem").asText())
                        .contains("keep_last must be", "no rule deletes anything");
                assertThat(origins.at("/timezone/problem").isNull()).isTrue();
                assertThat(disabled.send("GET", "/functions/v1/settings-toggle", null)
                                .body())
                        .contains("\"enabled\" : false");
            }
            own.run("UPDATE system_settings_kv SET value = 'true' WHERE key = 'backup_enabled'");
            assertThat(disabled.send("POST", BACKUPS, "{}").statusCode()).isEqualTo(202);
        }
    }

    @Test
    void whereEveryPageMayCallItStillNeedsTheKey() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + BACKUPS))
                .header("Origin", "https://any.example")
                .header("Access-Control-Request-Method", "GET");
        HttpResponse<String> asked = BactrianService.send(request.copy()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(asked.statusCode()).isEqualTo(204);
        HttpResponse<String> refused = BactrianService.send(request.copy().build());
        assertThat(refused.statusCode()).isEqualTo(401);
        HttpResponse<String> answered =
                BactrianService.send(request.header("Authorization", "Bearer " + BactrianService.API_KEY)
                        .build());
        assertThat(answered.statusCode()).isEqualTo(200);
        for (HttpResponse<String> answer : List.of(asked, refused, answered)) {
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("*");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .as("browsers send no cookies where every page may call")
                    .isEmpty();
        }
    }

    @Test
    void aLostControlDatabaseIsAProblemOfItsOwn() throws Exception {
        EmbeddedPostgres server = PostgresServer.V15.start(0);
        try (BactrianService lost =
                BactrianService.start(database.url(), new TestDatabase(server.getPort(), "postgres"), store)) {
            assertThat(lost.send("GET", BACKUPS, null).statusCode()).isEqualTo(200);
            server.close();

            String one = BACKUPS + "/" + UNKNOWN;
            List<String> requests = List.of(
                    "POST " + BACKUPS,
                    "GET " + BACKUPS,
                    "GET " + one,
                    "GET " + one + "/manifest",
                    "POST " + one + "/download-url");
            List<Callable<HttpResponse<String>>> calls = requests.stream()
                    .<Callable<HttpResponse<String>>>map(
                            request -> () -> lost.send(request.split(" ")[0], request.split(" ")[1], null))
                    .toList();
            for (HttpResponse<String> answer : together(calls)) {
                assertProblem(answer, 503, "control-database-unavailable");
            }
            assertThat(lost.send("GET", "/openapi.yaml", null).statusCode()).isEqualTo(200);
        } finally {
            server.close();
        }
    }

    // Ports

    @Test
    void healthAndMetricsAreOnTheManagementPortAlone() {
        for (String path : List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
            HttpResponse<String> answer = management(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(BactrianService.json(answer.body()).path("status").asText())
                    .isEqualTo("UP");
        }
        assertThat(management("/observe/metrics").statusCode()).isEqualTo(200);
        assertThat(management("/observe/metrics").body()).contains("# TYPE ").contains("camel_");
        for (String path : List.of(BACKUPS, BACKUPS + "/" + good.path("id").asText(), "/openapi.yaml", "/")) {
            assertThat(management(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void bothPortsListenOnTheConfiguredAddressAlone() throws Exception {
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            others.addAll(Collections.list(network.getInetAddresses()));
        }
        InetAddress own = InetAddress.getByName("127.0.0.1");
        others.remove(own);
        assertThat(others).isNotEmpty();
        for (String base : List.of(service.base(), service.management())) {
            int port = URI.create(base).getPort();
            assertThat(connects(own, port)).isTrue();
            assertThat(others).noneMatch(address -> connects(address, port));
        }
    }

    // Calling

    private static boolean connects(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> management(String path) {
        return BactrianService.send(
                HttpRequest.newBuilder(URI.create(service.management() + path)).build());
    }

    private static HttpResponse<String> post(String json) {
        return call("POST", BACKUPS, text(json), "Content-Type", "application/json");
    }

    private static HttpResponse<String> call(String method, String path) {
        return call(method, path, none());
    }

    /** With the key. */
    private static HttpResponse<String> call(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", KEY)
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return BactrianService.send(request.build());
    }

    private static BodyPublisher text(String body) {
        return BodyPublishers.ofString(body);
    }

    private static BodyPublisher none() {
        return BodyPublishers.noBody();
    }

    private static JsonNode list(String query) {
        HttpResponse<String> answer = call("GET", BACKUPS + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BactrianService.json(answer.body());
    }

    /** An answer to a request that Java's client wouldn't send. */
    private record Answer(int status, String head, String body) {

        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("none");
        }

        String type() {
            return header("Content-Type");
        }
    }

    private static Answer raw(String requestLine, String... headers) {
        URI base = URI.create(service.base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(20_000);
            String request = requestLine + "\r\nHost: " + base.getAuthority() + "\r\nConnection: close\r\n"
                    + Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            String body = answer.substring(end + 4);
            // Without the lengths that stand around a chunk.
            String json = body.contains("{") ? body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1) : body;
            return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(requestLine, e);
        }
    }

    private static <T> List<T> together(int times, Callable<T> call) throws Exception {
        return together(Collections.nCopies(times, call));
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        assertProblem(answer.statusCode(), type, answer.body(), status, code);
    }

    private static void assertProblem(int actual, String contentType, String body, int status, String code) {
        assertThat(actual).as(body).isEqualTo(status);
        assertThat(contentType).isEqualTo("application/problem+json");
        JsonNode problem = BactrianService.json(body);
        assertThat(problem.path("type").asText()).isEqualTo("urn:bactrian:problem:" + code);
        assertThat(problem.path("status").isInt()).isTrue();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    private void assertNothingAdded() {
        assertThat(rows("true")).isEqualTo(before);
    }

    private static long rows(String condition) {
        return control.jdbc().queryForObject("SELECT count(*) FROM backup_history WHERE " + condition, Long.class);
    }

    private static void insertPaged(int count, String createdAt) {
        control.run("INSERT INTO backup_history (status, database, created_at) SELECT 'cancelled', 'paging', '"
                + createdAt + "' FROM generate_series(1, " + count + ")");
    }

    private static String fill(String path) {
        return path.replace("{unknown}", UNKNOWN)
                .replace("{failed}", FAILED)
                .replace("{good}", good.path("id").asText());
    }

    private static String cursor(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
