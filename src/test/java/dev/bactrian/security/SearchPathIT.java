package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.security.Traps.Line;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Somebody who may create in {@code public} has put traps there under each of the server's own names, in databases whose
 * path finds those first; the service connects to all of them as superuser, and does everything that it can do.
 */
class SearchPathIT {

    private static final Pattern STATEMENT = Pattern.compile("^.*?(?:statement|execute [^:]*): ");

    /** No operator, and no function, type or relation without its schema. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(?:BEGIN; |COMMIT; )?"
                    + "(?:SET .*|SHOW .*|RESET .*|BEGIN.*|COMMIT.*|ROLLBACK|SELECT ''|"
                    + "SELECT (?:(?:[(), ]|pg_catalog\\.\\w+|coalesce|'[^']*'|true|false|a|a\\.\\w+|FROM|SELECT|(?:-?[0-9.]+)|::)+))?");

    /** PostgreSQL's programs take this one. */
    private static final String PROGRAMS_PATH = "SELECT pg_catalog.set_config('search_path', '', false)";

    private static final Set<String> SET = new HashSet<>();

    private static EmbeddedPostgres server;
    private static Path log;
    private static List<Line> lines;
    private static TestDatabase control;

    @BeforeAll
    static void doEverything() throws IOException {
        server = PostgresServer.V15.start(0, Traps.serverSettings());
        TestDatabase first = new TestDatabase(server.getPort(), "postgres");
        log = Path.of(first.jdbc().queryForObject("SELECT pg_catalog.current_setting('data_directory')", String.class));
        control = created(first, "control");
        TestDatabase source = created(first, "source")
                .run(
                        "CREATE SCHEMA shop",
                        "CREATE TABLE shop.item (id serial PRIMARY KEY, name text CHECK (name <> ''), price money, at timestamptz)",
                        "INSERT INTO shop.item (name, price, at) SELECT 'item ' || n, n::int::money, now() FROM generate_series(1, 100) n",
                        "CREATE TABLE shop.sale (item int REFERENCES shop.item, n int) PARTITION BY HASH (item)",
                        "CREATE TABLE shop.sale_0 PARTITION OF shop.sale FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                        "CREATE TABLE shop.sale_1 PARTITION OF shop.sale FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "INSERT INTO shop.sale SELECT n, n FROM generate_series(1, 100) n",
                        "CREATE MATERIALIZED VIEW shop.top AS SELECT max(price) AS price FROM shop.item",
                        "CREATE TABLE left_out AS SELECT 1 AS a",
                        "SELECT lo_from_bytea(0, 'large')");
        TestDatabase target = created(first, "target");
        Traps.layAll(control);
        Traps.layUsed(source);
        Traps.layUsed(target);
        Traps.layUsed(first);
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_URL",
                source.url(),
                "DATABASE_URL_SECOND",
                target.url(),
                "VERIFY_DATABASE_URL",
                first.url(),
                "RESTORE_API_KEY",
                BactrianService.RESTORE_KEY,
                "BACKUP_EXCLUDE_TABLES",
                "left_out",
                "BACKUP_FORMATS",
                "tables,dump,sql"));
        try (TestStore store = TestStore.start()) {
            try (BactrianService service = BactrianService.start(settings, control, store)) {
                useAll(service);
            }
            try (BactrianService again = BactrianService.start(settings, control, store)) {
                again.goodBackUp();
            }
        }
        Awaitility.await("the end of all sessions")
                .atMost(Duration.ofSeconds(30))
                .until(() -> first.jdbc()
                                .queryForObject(
                                        "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity"
                                                + " WHERE application_name OPERATOR(pg_catalog.=) 'bactrian'",
                                        Integer.class)
                        == 0);
        lines = Traps.log(log).stream().filter(Line::isOurs).toList();
    }

    private static TestDatabase created(TestDatabase server, String name) {
        server.run("CREATE DATABASE " + name);
        return new TestDatabase(server.port(), name);
    }

    private static void useAll(BactrianService service) {
        String first = service.goodBackUp().path("id").asText();
        String second = service.goodBackUp().path("id").asText();
        for (String path : List.of(
                "/api/backups?limit=1&status=success",
                "/api/backups/" + second + "/manifest",
                "/functions/v1/backup-status?backup_id=" + second,
                "/functions/v1/backup-history?limit=1",
                "/api/databases",
                "/api/service",
                "/api/retention/plan?keep_last=1",
                "/api/settings")) {
            assertOk(service, "GET", path, null);
        }
        assertOk(service, "POST", "/api/backups/" + second + "/download-url", null);
        JsonNode checks =
                BactrianService.json(service.send("POST", "/api/checks", null).body());
        assertThat(checks.path("checks")).isNotEmpty().allSatisfy(check -> assertThat(
                        check.path("status").asText())
                .as(check.toString())
                .isEqualTo("ok"));

        String wanted = "{\"backup\": \"%s\", \"database\": \"second\", \"confirm\": \"target\"%s}";
        assertThat(service.restored(wanted.formatted(second, ""))
                        .path("error_text")
                        .asText())
                .as("views of the archive's would call the target's traps")
                .contains("Nothing was changed", "of role intruder");
        String part = ", \"schemas\": [\"shop\"]";
        JsonNode tried = service.restored(wanted.formatted(second, part + ", \"dry_run\": true"));
        assertThat(tried.path("status").asText()).as(tried.toString()).isEqualTo("success");
        JsonNode restored = service.restored(wanted.formatted(second, part));
        assertThat(restored.path("status").asText()).as(restored.toString()).isEqualTo("success");
        String verification = BactrianService.json(service.send("POST", "/api/backups/" + second + "/verify", null)
                        .body())
                .path("id")
                .asText();
        JsonNode verified = service.awaitRestore(verification);
        assertThat(verified.path("status").asText()).as(verified.toString()).isEqualTo("success");

        assertOk(
                service,
                "PUT",
                "/api/settings",
                "{\"timezone\": \"Europe/Berlin\", \"schedules\": {\"default\": \"0 0 4 * * ?\"},"
                        + " \"retention\": {\"keep_last\": 2}}");
        Awaitility.await("the schedule")
                .atMost(Duration.ofSeconds(30))
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT pg_catalog.count(*) FROM public.bactrian_qrtz_cron_triggers"
                                                + " WHERE cron_expression OPERATOR(pg_catalog.=) '0 0 4 * * ?'",
                                        Integer.class)
                        > 0);
        control.run("UPDATE public.bactrian_qrtz_triggers SET next_fire_time = " + System.currentTimeMillis());
        Awaitility.await("the scheduled backup").atMost(Duration.ofSeconds(60)).until(() -> service.send(
                        "GET", "/api/backups?trigger=schedule&status=success", null)
                .body()
                .contains("schedule-default"));
        assertOk(service, "DELETE", "/api/backups/" + first, null);
        assertOk(service, "PUT", "/api/settings", "{\"schedules\": {\"default\": null}, \"retention\": null}");
    }

    private static void assertOk(BactrianService service, String method, String path, String body) {
        var answer = service.send(method, path, body);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isBetween(200, 299);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void noTrapFires() {
        Set<String> fired = new TreeSet<>();
        lines.stream()
                .filter(Line::isTrap)
                .forEach(line -> fired.add(line.database() + ", " + line.application() + ": " + line.text()));
        assertThat(fired).isEmpty();
        assertThat(lines).as("what the server was asked").hasSizeGreaterThan(500);
    }

    /** Otherwise nothing could have fired. */
    @Test
    void theTrapsWork() {
        control.run(
                "SELECT 1 = 1, 'a'::text, concat_ws(' ', 'a'::pg_catalog.text, 'b'::pg_catalog.text) FROM pg_roles");

        assertThat(Traps.log(log).stream().filter(Line::isTrap).map(Line::text))
                .anyMatch(text -> text.contains("trap of operator =(integer, integer)"))
                .anyMatch(text -> text.contains("trap of a type"))
                .anyMatch(text -> text.contains("trap concat_ws"))
                .anyMatch(text -> text.contains("trap of relation pg_roles"));
    }

    /** Before it has a path, a session is asked only what needs none: a pooler would keep what is set too early. */
    @Test
    void everySessionBeginsWithAPathOfTheServersOwn() {
        Map<String, String> unset = new HashMap<>();
        for (Line line : lines) {
            String sql = STATEMENT.matcher(line.text()).replaceFirst("");
            if (line.application().equals("bactrian") && !sql.equals(line.text()) && !SET.contains(line.process())) {
                if (sql.startsWith(PROGRAMS_PATH)) {
                    SET.add(line.process());
                } else if (sql.startsWith("SET search_path = ")) {
                    assertThat(sql).matches("SET search_path = (pg_catalog, pg_temp|'');?.*");
                    SET.add(line.process());
                } else if (!HARMLESS.matcher(sql).matches()) {
                    unset.put(sql, line.database());
                }
            }
        }
        assertThat(SET).hasSizeGreaterThan(50);
        assertThat(unset).isEmpty();
    }
}
