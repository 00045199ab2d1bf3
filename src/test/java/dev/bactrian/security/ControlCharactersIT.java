package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.selection.Relation;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.Webhooks;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A database in which everything is named so that a terminal obeys, a log gets lines that nobody logged, and a page turns text
 * around: none of it gets out as it is, while programs still read the true names.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ControlCharactersIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String FORGED = "2026-01-01T00:00:00.000Z ERROR [main] b.Forged - all backups were deleted";
    /** Every kind, in as many bytes as a name has room for. */
    private static final String EVIL =
            "\u001b[31m\u009b2J\u0007\u007f\r\u2028\u2029\u202e\u2066\u200b\ufeff" + tag('A');

    private static final String SCHEMA = "s" + EVIL;
    private static final String TABLE = "t" + EVIL;
    private static final String FORGING = "\n" + FORGED.substring(0, 58) + "\n";
    private static final String COLUMN = "c" + EVIL;
    private static final String ROLE = "cc_role" + EVIL;
    private static final String QUOTED = new Relation.Named(SCHEMA, TABLE).quoted();
    private static final Pattern LOG_LINE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (ERROR|WARN |INFO |DEBUG) \\[.*");

    private static TestStore store;
    private static TestDatabase source;
    private static TestDatabase control;
    private static TestDatabase target;
    private static Webhooks hooks;
    private static BactrianProcess service;

    private static String tag(int letter) {
        return Character.toString(0xe0000 + letter);
    }

    @BeforeAll
    static void start() {
        store = TestStore.start();
        hooks = Webhooks.start();
        control = SERVER.createDatabase();
        target = SERVER.createDatabase();
        String forging = new Relation.Named(SCHEMA, FORGING).quoted();
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA " + Relation.quote(SCHEMA),
                        "CREATE ROLE " + Relation.quote(ROLE),
                        "GRANT ALL ON SCHEMA " + Relation.quote(SCHEMA) + " TO " + Relation.quote(ROLE),
                        "CREATE TABLE " + QUOTED + " (id int PRIMARY KEY, " + Relation.quote(COLUMN) + " text)",
                        "INSERT INTO " + QUOTED + " VALUES (1, 'one')",
                        "ALTER TABLE " + QUOTED + " OWNER TO " + Relation.quote(ROLE),
                        "CREATE TABLE " + forging + " (id serial PRIMARY KEY, other int REFERENCES " + QUOTED + ")",
                        "INSERT INTO " + forging + " (other) VALUES (1)",
                        "CREATE MATERIALIZED VIEW " + new Relation.Named(SCHEMA, "m" + EVIL).quoted()
                                + " AS SELECT * FROM " + QUOTED);
        source.backupRole("cc_backup", "b");
        service = BactrianProcess.serve(settings());
    }

    @AfterAll
    static void end() {
        service.close();
        hooks.close();
        for (TestDatabase each : List.of(target, source)) {
            each.run(
                    "DROP SCHEMA IF EXISTS " + Relation.quote(SCHEMA) + " CASCADE",
                    "DROP OWNED BY " + Relation.quote(ROLE));
        }
        source.run("DROP ROLE " + Relation.quote(ROLE));
        store.close();
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL", source.url("cc_backup", "b"));
        settings.put("DATABASE_URL_TARGET", source.url());
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("VERIFY_DATABASE_URL", control.url());
        settings.put("RESTORE_API_KEY", "restore-key-of-the-test");
        settings.put("BACKUP_API_KEY", BactrianService.API_KEY);
        settings.put("NOTIFY_FAILURE", hooks.address("/failure"));
        settings.put("NOTIFY_SUCCESS", hooks.address("/success"));
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        return settings;
    }

    /** Neither as bytes nor, once it is decoded, as characters: only the line breaks of the text itself. */
    private static void assertPlain(String what, String text) {
        assertThat(text.codePoints()
                        .filter(character -> character != '\n' && isUnsafe(character))
                        .mapToObj(Integer::toHexString)
                        .distinct())
                .as("unprintable characters in %s: %s", what, text)
                .isEmpty();
        assertThat(text.lines().filter(line -> line.startsWith("2026-01-01")).toList())
                .as("forged lines in " + what)
                .isEmpty();
    }

    /** Written down here once more, by Unicode's categories and what the names above have. */
    private static boolean isUnsafe(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR -> true;
            case Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static JsonNode backUp(String body) {
        String id = service.requestBy(body);
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> BactrianService.json(get("/api/backups/" + id).body()), row -> !"in_progress"
                        .equals(row.path("status").asText()));
    }

    private static HttpResponse<String> get(String path) {
        return service.send(BactrianService.API_KEY, "GET", path, null);
    }

    private static void assertLogIsPlain() {
        String log = service.log();
        assertPlain("the log", log);
        assertThat(log.lines().count()).as("lines of the log").isGreaterThan(10);
        assertThat(log).as("an end of the line as text").doesNotContain("%n");
        assertThat(log.lines()
                        .filter(line -> !LOG_LINE.matcher(line).matches()
                                && !line.startsWith("\tat ")
                                && !line.startsWith("at ")
                                && !line.matches("[\\w.$]+(Exception|Error)\\b.*|Caused by: .*|\\s+at .*")))
                .as("lines that nobody logged")
                .isEmpty();
    }

    @Test
    @Order(1)
    void aGoodBackupTellsThemReadablyAndSavesThemTruly() throws IOException {
        JsonNode row = backUp("{\"dispatch_id\": \"of-the-test\", \"ref\": \"refs/\\u202e\\u2066x\"}");

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        String manifest =
                get("/api/backups/" + row.path("id").asText() + "/manifest").body();
        assertPlain("the manifest as it is sent", manifest);
        assertThat(BactrianService.json(manifest).path("schemas").findValuesAsText("name"))
                .contains(SCHEMA);
        assertThat(BactrianService.json(manifest).path("tables").findValuesAsText("name"))
                .contains(TABLE, FORGING);
        assertPlain("the history as it is sent", get("/api/backups").body());
        assertThat(row.path("source_ref").asText()).isEqualTo("refs/\u202e\u2066x");
        try (ZipFile archive =
                new ZipFile(store.download(row.path("s3_key").asText()).toFile())) {
            assertPlain(
                    "README.txt",
                    new String(
                            archive.getInputStream(archive.getEntry("README.txt"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8));
        }
        awaitHook("/success");
        assertLogIsPlain();
    }

    @Test
    @Order(2)
    void aFailedOneNamesItsTableReadably() {
        source.run("ALTER TABLE " + QUOTED + " ENABLE ROW LEVEL SECURITY", "ALTER ROLE cc_backup NOBYPASSRLS");

        JsonNode row = backUp("{}");

        assertThat(row.path("status").asText()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("t\\u{1b}[31m");
        String stored = control.jdbc()
                .queryForObject("SELECT error_text FROM backup_history WHERE status = 'failed'", String.class);
        assertPlain("error_text", stored);
        assertThat(stored).doesNotContain("\n").contains("\\u{202e}", "\\u{9b}", "\\u{e0041}");
        awaitHook("/failure");
        assertLogIsPlain();
        source.run("ALTER ROLE cc_backup BYPASSRLS");
    }

    private static void awaitHook(String path) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !hooks.calls(path)
                .isEmpty());
        for (Webhooks.Call call : hooks.calls(path)) {
            assertPlain("a message", call.body());
            JsonNode body = BactrianService.json(call.body());
            assertPlain("the text of a message", body.path("text").asText());
            assertPlain(
                    "the reason in a message",
                    body.path("backup").path("error_text").asText());
        }
    }

    @Test
    @Order(3)
    void problemsQuoteRequestsReadably() {
        HttpResponse<String> answer = service.send(
                BactrianService.API_KEY,
                "POST",
                "/api/backups",
                "{\"database\": \"no\\u001b[31m\\n" + FORGED + "\\u202e\"}");

        assertThat(answer.statusCode()).isBetween(400, 499);
        assertPlain("a problem", answer.body());
        assertPlain(
                "its detail", BactrianService.json(answer.body()).path("detail").asText());
        assertThat(BactrianService.json(answer.body()).path("detail").asText()).doesNotContain("\n");
        assertLogIsPlain();
    }

    @Test
    @Order(4)
    void aRestoreTellsWhatIsMissingReadably() {
        JsonNode accepted = BactrianService.json(service.send(
                        "restore-key-of-the-test",
                        "POST",
                        "/api/restores",
                        "{\"backup\": \"latest\", \"database\": \"target\", \"confirm\": \"" + source.name()
                                + "\", \"schemas\": [\"n\\u001b\\u202e\\n" + FORGED + "\"]}")
                .body());
        JsonNode row = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> BactrianService.json(service.send(
                                        "restore-key-of-the-test",
                                        "GET",
                                        "/api/restores/" + accepted.path("id").asText(),
                                        null)
                                .body()),
                        found -> !"in_progress".equals(found.path("status").asText()));

        assertThat(row.path("error_text").asText())
                .contains("n\\u{1b}\\u{202e}\\u{0a}2026")
                .doesNotContain("\n");
        assertPlain("a restore's reason", row.path("error_text").asText());
        assertLogIsPlain();
    }

    @Test
    @Order(5)
    void commandsPrintThemReadably() {
        Map<String, String> settings = settings();
        settings.put("DATABASE_URL_TARGET", target.url());
        for (List<String> command : List.of(
                List.of("backup", "--json"),
                List.of("list"),
                List.of("list", "--json"),
                List.of("check"),
                List.of("restore", "latest", "--to", "target", "--dry-run"),
                List.of("restore", "latest", "--to", "target"),
                List.of("restore", "latest", "--to", "target", "--schema", "x\u001b]0;y\n" + FORGED),
                List.of("verify", "latest"),
                List.of("restore", "--\u001b[31m\n" + FORGED))) {
            Run run = Run.bactrian(settings, command.toArray(String[]::new));

            assertPlain("what " + command + " prints", run.out());
            assertPlain("what " + command + " complains of", run.err());
            assertThat(run.out() + run.err()).as(command.toString()).isNotBlank();
        }
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM " + QUOTED, Integer.class))
                .isEqualTo(1);
    }
}
