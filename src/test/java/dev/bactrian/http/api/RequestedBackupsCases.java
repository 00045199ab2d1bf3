package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /api/backups}. */
abstract class RequestedBackupsCases extends ApiCases {

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
                        .contains(unreadable, "must be true or false", "The configuration applies");
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
}
