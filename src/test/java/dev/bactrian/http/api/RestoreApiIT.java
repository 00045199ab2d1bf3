package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores that are asked for over HTTP: by whom, into what, one at a time, and what is left of those that don't end well. */
class RestoreApiIT {

    private static final String RESTORES = "/api/restores";
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    private static final Duration LONG = Duration.ofSeconds(60);

    private static TestDatabase source;
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static JsonNode backup;

    /** The configured database "second", anew for each test by its name. */
    private TestDatabase target;

    @BeforeAll
    static void start() {
        source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE item (id int PRIMARY KEY, name text)",
                        "INSERT INTO item SELECT n, 'item ' || n FROM generate_series(1, 1000) n",
                        "CREATE SCHEMA shop",
                        "CREATE TABLE shop.sale AS SELECT n AS id, n % 7 AS item FROM generate_series(1, 500) n");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(settings(source), control, store);
        backup = service.goodBackUp();
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @BeforeEach
    void clear() {
        target = new TestDatabase(source.port(), source.name() + "_second").recreate();
        control.run("DELETE FROM restore_history");
    }

    private static Map<String, String> settings(TestDatabase source) {
        return Map.of(
                "DATABASE_URL", source.url(),
                "DATABASE_URL_SECOND", new TestDatabase(source.port(), source.name() + "_second").url(),
                "RESTORE_API_KEY", BactrianService.RESTORE_KEY);
    }

    private static HttpResponse<String> post(String path, String json) {
        return service.send(BactrianService.RESTORE_KEY, "POST", path, json);
    }

    /** A request for everything into the second database, and what comes on top, such as {@code , "dry_run": true}. */
    private String body(String ofWhat, String more) {
        return "{\"backup\": \"%s\", \"database\": \"second\", \"confirm\": \"%s\"%s}"
                .formatted(ofWhat, target.name(), more);
    }

    private static String accepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = BactrianService.json(answer.body()).path("id").asText();
        assertThat(answer.headers().firstValue("Location")).contains(RESTORES + "/" + id);
        return id;
    }

    private static String problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return BactrianService.json(answer.body()).path("type").asText().replace("urn:bactrian:problem:", "");
    }

    private static int rows() {
        return control.jdbc().queryForObject("SELECT count(*) FROM restore_history", Integer.class);
    }

    private boolean isMarked() {
        return target.jdbc().queryForObject("SELECT to_regnamespace('bactrian_restore') IS NOT NULL", Boolean.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "latest:default", "id", "key"})
    void aBackupComesBackByEachOfItsNames(String name) {
        String named = Map.of(
                        "id",
                        backup.path("id").asText(),
                        "key",
                        backup.path("s3_key").asText())
                .getOrDefault(name, name);

        JsonNode row = service.awaitRestore(accepted(post(RESTORES, body(named, ""))));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(target.rowCounts()).isEqualTo(source.rowCounts());
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(isMarked()).isFalse();
        assertThat(row.path("backup_id")).isEqualTo(backup.path("id"));
        assertThat(row.path("backup")).isEqualTo(backup.path("s3_key"));
        assertThat(row.path("phase").isNull()).isTrue();
        assertThat(row.path("error_text").isNull()).isTrue();
        assertThat(row.path("tables_total").asInt()).isEqualTo(2);
        assertThat(row.path("tables_done").asInt()).isEqualTo(2);
        assertThat(row.path("bytes_done")).isEqualTo(row.path("bytes_total"));
        assertThat(row.path("bytes_done").asLong()).isPositive();
        assertThat(row.path("report").path("outcome").asText()).isEqualTo("success");
        assertThat(row.path("report").path("rows").asLong()).isEqualTo(1500);
        assertThat(row.path("report").path("not_applied").isEmpty()).isTrue();
        assertThat(row.path("request").path("backup").asText()).isEqualTo(named);
        assertThat(row.path("request").has("confirm")).isFalse();
        assertThat(row.has("node") || row.has("target")).isFalse();
        assertThat(service.workFiles()).isEmpty();
    }

    @Test
    void onlyWhatIsAskedForComesBack() {
        target.run("CREATE SCHEMA shop");
        JsonNode row = service.awaitRestore(accepted(post(
                RESTORES,
                body("latest", ", \"tables\": [\"shop.sale\"], \"into_schema\": \"rescued\", \"no_owner\": true"))));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(target.rowCounts()).isEqualTo(Map.of("rescued.sale", 500L));
    }

    @Test
    void aDatabaseIsMadeWhereThatIsAskedForAndConfirmed() {
        String made = source.name() + "_made";
        String body = "{\"backup\": \"latest\", \"database\": \"second\", \"create_database\": \"" + made
                + "\", \"confirm\": ";

        assertThat(problem(post(RESTORES, body + "\"" + target.name() + "\"}"), 400))
                .isEqualTo("confirm-mismatch");
        JsonNode row = service.awaitRestore(accepted(post(RESTORES, body + "\"" + made + "\"}")));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(new TestDatabase(source.port(), made).rowCounts()).isEqualTo(source.rowCounts());
        assertThat(target.rowCounts()).isEmpty();
        source.run("DROP DATABASE " + made);
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndDoesNothing() {
        JsonNode row = service.awaitRestore(accepted(post(RESTORES, body("latest", ", \"dry_run\": true"))));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(row.path("report").path("outcome").asText()).isEqualTo("dry_run");
        assertThat(row.path("report").path("plan").path("rows").asLong()).isEqualTo(1500);
        assertThat(target.rowCounts()).isEmpty();
    }

    @Test
    void whatIsMissingAfterARestoreIsListed() {
        target.run(
                "CREATE TABLE item (id int PRIMARY KEY CHECK (id < 10), name text)",
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.sale (id int, item int)");

        JsonNode row = service.awaitRestore(accepted(post(RESTORES, body("latest", ", \"data_only\": true"))));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("partial");
        assertThat(row.path("error_text").asText()).contains("could not be applied");
        assertThat(row.at("/report/not_applied/0/what").asText()).contains("item");
        assertThat(target.rowCounts()).containsEntry("shop.sale", 500L).containsEntry("public.item", 0L);
    }

    @Test
    void aFailedRestoreSaysWhyAndThatNothingWasChanged() {
        target.run("CREATE TABLE item (id int)", "INSERT INTO item VALUES (1)");

        JsonNode row = service.awaitRestore(accepted(post(RESTORES, body("latest", ""))));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("item").contains("Nothing was changed.");
        assertThat(target.rowCounts()).isEqualTo(Map.of("public.item", 1L));
        assertThat(isMarked()).isFalse();
    }

    @Test
    void withoutTheTargetsNameNothingIsBegun() {
        for (String confirm : List.of("\"confirm\": \"SECOND\"", "\"confirm\": null", "\"no_owner\": true")) {
            HttpResponse<String> answer =
                    post(RESTORES, "{\"backup\": \"latest\", \"database\": \"second\", " + confirm + "}");

            assertThat(problem(answer, 400)).isEqualTo("confirm-mismatch");
            assertThat(answer.body()).contains("\\\"confirm\\\": \\\"" + target.name() + "\\\"");
        }
        assertThat(rows()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'backup': '/etc/passwd'                     | backup must be",
                "'backup': 'pom.xml'                         | backup must be",
                "'backup': 'a.zip'                           | backup must be",
                "'backup': 'backups/../a.zip'                | backup must be",
                "'backup': 'latest:'                         | backup must be",
                "'backup': 7                                 | backup must be a string",
                "'backup': null                              | backup is missing",
                "'database': 'third'                         | Configured are: default, second",
                "'database': null                            | database is missing",
                "'jobs': 3                                   | unknown field",
                "'dry_run': 'yes'                            | dry_run must be true or false",
                "'tables': 'item'                            | tables must be a list",
                "'schemas': []                               | schemas must be a list",
                "'schemas': [1]                              | schemas must be a list",
                "'into_schema': ''                           | into_schema must be a string",
                "'create_database': 'ääääääääääääääääääääääääääääääää' | longer than 63 bytes",
                "'data_only': true, 'schema_only': true      | can't be combined",
                "'truncate': true                            | Truncate needs data only",
                "'into_schema': 'x'                          | Into schema needs",
            })
    void whatIsNotAsDescribedIsRefused(String fields, String detail) {
        Map<String, String> usual = new HashMap<>(Map.of(
                "backup", "'backup': 'latest'", "database", "'database': 'second'", "confirm", "'confirm': 'x'"));
        usual.keySet().removeIf(name -> fields.contains("'" + name + "'"));
        String body = ("{" + fields + (usual.isEmpty() ? "" : ", " + String.join(", ", usual.values())) + "}")
                .replace('\'', '"');

        HttpResponse<String> answer = post(RESTORES, body);

        assertThat(problem(answer, 400)).as(answer.body()).isEqualTo("bad-request");
        assertThat(answer.body()).contains(detail);
        assertThat(rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, "latest:second", "backups/archive/none/backup.zip"})
    void aBackupThatIsNotThereIsNotFound(String unknown) {
        assertThat(problem(post(RESTORES, body(unknown, "")), 404)).isEqualTo("not-found");
        assertThat(rows()).isZero();
    }

    @Test
    void aRestoreThatIsNotThereIsNotFound() {
        assertThat(problem(service.send("GET", RESTORES + "/" + UNKNOWN, null), 404))
                .isEqualTo("not-found");
        assertThat(problem(post(RESTORES + "/" + UNKNOWN + "/cancel", null), 404))
                .isEqualTo("not-found");
        assertThat(problem(post(RESTORES + "/x/cancel", null), 400)).isEqualTo("bad-request");
    }

    @Test
    void theKeyForBackupsReadsAboutRestoresAndBeginsNone() throws IOException {
        String body = body("latest", "");
        String cancel = RESTORES + "/" + UNKNOWN + "/cancel";

        assertThat(problem(service.send("POST", RESTORES, body), 403)).isEqualTo("restore-forbidden");
        assertThat(problem(service.send("POST", cancel, null), 403)).isEqualTo("restore-forbidden");
        // However the path is written.
        for (String path : List.of(
                "/api/restores/",
                "/api//restores",
                "/api/./restores",
                "/x/../api/restores",
                "/api/%72estores",
                "/api%2Frestores",
                "/api/restores?x=/api/backups",
                "/api/restores;x=1",
                "/API/restores",
                "//api/restores")) {
            assertThat(raw(path, body)).as(path).matches("HTTP/1.1 40[034] .*");
        }
        assertThat(rows()).isZero();
        assertThat(service.send("GET", RESTORES, null).statusCode()).isEqualTo(200);
        assertThat(service.send(BactrianService.RESTORE_KEY, "GET", "/api/backups", null)
                        .statusCode())
                .as("the other key opens all")
                .isEqualTo(200);
        assertThat(problem(service.send("neither-the-one-nor-the-other", "POST", RESTORES, body), 401))
                .isEqualTo("unauthorized");
    }

    /** Sends a POST with the key for backups, without a client that tidies the path, and returns the status line. */
    private static String raw(String path, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(service.base()).getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer " + BactrianService.API_KEY + "\r\nContent-Length: "
                            + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void withoutAKeyOfTheirOwnRestoresAreOff() {
        Map<String, String> settings = new HashMap<>(settings(source));
        settings.remove("RESTORE_API_KEY");
        try (BactrianService off = BactrianService.start(settings, control, store)) {
            HttpResponse<String> answer = off.send("POST", RESTORES, body("latest", ""));

            assertThat(problem(answer, 403)).isEqualTo("restores-off");
            assertThat(answer.body()).contains("RESTORE_API_KEY");
            assertThat(problem(off.send(BactrianService.RESTORE_KEY, "POST", RESTORES, "{}"), 401))
                    .isEqualTo("unauthorized");
            assertThat(off.send("GET", RESTORES, null).statusCode()).isEqualTo(200);
        }
        assertThat(rows()).isZero();
    }

    @Test
    void theNewestIsListedFirst() {
        String first = accepted(post(RESTORES, body("latest", ", \"dry_run\": true")));
        service.awaitRestore(first);
        String second = accepted(post(RESTORES, body("latest", ", \"dry_run\": true")));
        service.awaitRestore(second);

        JsonNode all = BactrianService.json(service.send("GET", RESTORES, null).body());
        JsonNode one = BactrianService.json(
                service.send("GET", RESTORES + "?limit=1", null).body());

        assertThat(all.path("restores").findValuesAsText("id")).containsExactly(second, first);
        assertThat(one.path("restores").findValuesAsText("id")).containsExactly(second);
        assertThat(problem(service.send("GET", RESTORES + "?limit=0", null), 400))
                .isEqualTo("bad-request");
    }

    /** Tables that are there, one of which somebody else has locked: a restore of their rows gets so far and no farther. */
    private final class Held implements AutoCloseable {
        private final Connection connection;

        Held() throws SQLException {
            target.run(
                    "CREATE TABLE item (id int PRIMARY KEY, name text)",
                    "CREATE SCHEMA shop",
                    "CREATE TABLE shop.sale (id int, item int)");
            connection = target.connect();
            connection.setAutoCommit(false);
            // Reading is allowed, so that the restore's checks pass.
            connection.createStatement().execute("LOCK TABLE item IN EXCLUSIVE MODE");
        }

        void awaitRestore() {
            Awaitility.await("a restore that waits for the lock")
                    .atMost(LONG)
                    .until(() -> target.jdbc()
                                    .queryForObject(
                                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'item'::regclass",
                                            Integer.class)
                            > 0);
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    @Test
    void oneAtATimeAndACancelledOneLeavesItsMark() throws SQLException {
        String body = body("latest", ", \"data_only\": true");
        try (Held held = new Held()) {
            String id = accepted(post(RESTORES, body));
            held.awaitRestore();
            JsonNode running = Awaitility.await("the other table")
                    .atMost(LONG)
                    .until(
                            () -> service.restore(id),
                            row -> row.path("tables_done").asInt() == 1);
            assertThat(running.path("phase").asText()).isEqualTo("rows");
            assertThat(running.path("tables_total").asInt()).isEqualTo(2);
            assertThat(running.path("bytes_per_second").isIntegralNumber()).isTrue();
            Awaitility.await("a heartbeat that says so, too").atMost(LONG).until(() -> control.jdbc()
                    .queryForObject(
                            "SELECT phase = 'rows' AND tables_done = 1 AND bytes_done > 0 FROM restore_history",
                            Boolean.class));

            HttpResponse<String> second = post(RESTORES, body(backup.path("id").asText(), ""));
            assertThat(problem(second, 409)).isEqualTo("restore-running");
            assertThat(second.body()).contains(id);
            assertThat(rows()).isOne();

            HttpResponse<String> cancelled = post(RESTORES + "/" + id + "/cancel", null);
            assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
            assertThat(BactrianService.json(cancelled.body()).path("status").asText())
                    .isEqualTo("cancelled");
            Awaitility.await("the end of what it did")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !service.restore(id).path("report").isNull());
            assertThat(service.app().restores().active()).isEmpty();
            assertThat(service.workFiles()).isEmpty();
            assertThat(isMarked()).isTrue();
            assertThat(service.restore(id).path("status").asText()).isEqualTo("cancelled");
            assertThat(service.restore(id).path("error_text").asText())
                    .contains("cancelled", "is incomplete", "bactrian_restore", "run the same restore again");
            assertThat(problem(post(RESTORES + "/" + id + "/cancel", null), 409))
                    .isEqualTo("restore-ended");
        }
        Awaitility.await("the end of its sessions").atMost(LONG).until(() -> sessions() == 0);

        JsonNode again = service.awaitRestore(accepted(post(RESTORES, body)));

        assertThat(again.path("status").asText()).as(again.toString()).isEqualTo("success");
        assertThat(target.rowCounts()).isEqualTo(source.rowCounts());
        assertThat(isMarked()).isFalse();
    }

    private int sessions() {
        return source.jdbc()
                .queryForObject(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bactrian' AND datname = ?",
                        Integer.class,
                        target.name());
    }

    private static Map<String, String> ownProcess() {
        Map<String, String> settings = new HashMap<>(settings(source));
        settings.putAll(store.settings());
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        return settings;
    }

    @Test
    void aServiceThatStopsFailsItsRestores() throws SQLException {
        try (Held held = new Held();
                BactrianProcess process = BactrianProcess.serve(ownProcess())) {
            String id = accepted(process.send(
                    BactrianService.RESTORE_KEY, "POST", RESTORES, body("latest", ", \"data_only\": true")));
            held.awaitRestore();

            process.terminate();
            process.awaitEnd(LONG);

            JsonNode row = service.restore(id);
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains("The service was stopped", "is incomplete", "run the same restore again");
            assertThat(isMarked()).isTrue();
        }
    }

    @Test
    void whatAKilledProcessWasRestoringIsRecordedByAnother() throws SQLException {
        try (Held held = new Held();
                BactrianProcess process = BactrianProcess.serve(ownProcess())) {
            String id = accepted(process.send(
                    BactrianService.RESTORE_KEY, "POST", RESTORES, body("latest", ", \"data_only\": true")));
            held.awaitRestore();

            process.kill();

            assertThat(service.restore(id).path("status").asText()).isEqualTo("in_progress");
            JsonNode row = service.awaitRestore(id);
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains(
                            "The service stopped while",
                            "is gone",
                            target.name(),
                            "bactrian_restore",
                            "it starts over");
            assertThat(isMarked()).isTrue();
        }
    }
}
