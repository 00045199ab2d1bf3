package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.bactrian.http.functions.HmacSignature;
import dev.bactrian.http.sse.EventStreamEndpoint;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds openapi.yaml against what the service does: neither may say more, less or something else than the other. */
class OpenApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json";
    private static final String PROBLEM_TYPE = "application/problem+json";
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    private static final String FAILED = "11111111-1111-4111-8111-111111111111";
    private static final String RUNNING = "22222222-2222-4222-8222-222222222222";
    private static final String SECRET = "a-secret-shared-with-github-0123456789";
    private static final String HOOK = "/hooks/github";
    private static final String PLAN = "/api/retention/plan";
    private static final String TEST = "/api/notifications/test";
    private static final String FUNCTIONS = "/functions/v1/";
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private static final JsonNode CONTRACT = contract();
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static OtherNode otherNode;
    private static String backup;
    /** Body of a restore that can be asked for. */
    private static String restore;

    /** Every answer that was looked at, as "GET /api/backups 200". */
    private final Set<String> seen = new TreeSet<>();

    @BeforeAll
    static void start() {
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        TestDatabase empty = PostgresServer.V17.createDatabase();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        PostgresServer.V17.createDatabase().loadSample().url(),
                        "DATABASE_URL_EMPTY",
                        empty.url(),
                        "GITHUB_WEBHOOK_SECRET",
                        SECRET,
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "VERIFY_DATABASE_URL",
                        empty.url(),
                        "NOTIFY_FAILURE",
                        "log:contract"),
                control,
                store);
        restore = "{\"backup\": \"latest\", \"database\": \"empty\", \"dry_run\": true, \"confirm\": \"" + empty.name()
                + "\"}";
        backup = service.backUp().path("id").asText();
        // One that failed, and one that runs elsewhere and so keeps what is asked for below in the queue; every column
        // filled.
        control.run("INSERT INTO backup_history (id, status, phase, database, dispatch_id, s3_key, size_bytes, sha256, "
                + "started_at, finished_at, error_text, workflow_run_id, trigger, source_repo, source_event, source_ref, "
                + "source_sha, tables_total, tables_done, bytes_done, rows_total, warnings, node, heartbeat_at, verified_at, archive_deleted_at) "
                + "SELECT id::uuid, status, phase, 'default', 'contract-' || status, 'backups/' || status, 1, "
                + "repeat('a', 64), now(), now(), 'why', '1', 'push', 'a/b', 'push', 'main', 'abcdef0', 3, 2, 1, 4, '[{\"table\": \"a.b\", \"rows\": 1, \"rows_before\": 10}]'::jsonb, "
                + "'elsewhere/1/1', now() + interval '1 hour', now(), now() FROM (VALUES ('" + FAILED
                + "', 'failed', NULL), ('" + RUNNING + "', 'in_progress', 'dumping')) AS rows (id, status, phase)");
        control.run("INSERT INTO restore_history (id, backup_id, backup, database, target, request, status, phase, "
                + "tables_total, tables_done, bytes_total, bytes_done, report, error_text, started_at, finished_at, node, "
                + "heartbeat_at) SELECT id::uuid, id::uuid, 'backups/a.zip', 'default', status, '{}', status, phase, 3, 2, 1, 0, "
                + "'{\"outcome\": \"failed\", \"definitions\": 1, \"tables\": 1, \"rows\": 1, \"notes\": [\"n\"], "
                + "\"not_applied\": [{\"what\": \"w\", \"reason\": \"r\", \"sql\": \"s\"}]}', 'why', now(), now(), "
                + "'elsewhere/1/1', now() + interval '1 hour' FROM (VALUES ('" + FAILED + "', 'failed', NULL), ('"
                + RUNNING
                + "', 'in_progress', 'rows')) AS rows (id, status, phase)");
        otherNode = OtherNode.beating(control);
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        service.close();
        store.close();
    }

    @Test
    void describesTheRoutesThatThereAreAndNoOthers() {
        Map<String, String> served = new TreeMap<>();
        for (Route route : service.app().context().getRoutes()) {
            // The page is made of files, and no part of the contract.
            if (route.getEndpoint() instanceof PlatformHttpEndpoint http
                    && !Set.of("/", "/web").contains(http.getPath())) {
                assertThat(http.getHttpMethodRestrict()).as(route.getId()).isNotBlank();
                for (String method : http.getHttpMethodRestrict().split(",")) {
                    served.put(method.strip() + " " + http.getPath(), route.getId());
                }
            } else if (route.getEndpoint() instanceof EventStreamEndpoint followed) {
                served.put("GET " + followed.getPath(), route.getId());
            }
        }
        Map<String, String> described = new TreeMap<>();
        eachOperation((name, operation) ->
                described.put(name, operation.path("operationId").asText()));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void isServedToEverybodyAsItIs() throws IOException {
        HttpResponse<String> answer =
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/openapi.yaml"))
                        .build());
        look("GET", "/openapi.yaml", answer);
        assertThat(answer.body()).isEqualTo(text());
    }

    @Test
    void statesTheFormsOfFieldsAsTheServiceDoes() {
        for (Map.Entry<String, JsonNode> field :
                CONTRACT.at("/components/schemas/BackupRequest/properties").properties()) {
            String answer = service.send("POST", "/api/backups", "{\"" + field.getKey() + "\": 1}")
                    .body();
            if (field.getValue().has("$ref")) {
                JsonNode patterns = CONTRACT.at("/components/schemas/Patterns");
                assertThat(BactrianService.json(answer).path("detail").asText())
                        .startsWith(field.getKey() + " must be a list of " + patterns.path("minItems") + " to "
                                + patterns.path("maxItems") + " patterns, each a string of 1 to "
                                + patterns.at("/items/maxLength") + " characters.");
                continue;
            }
            JsonNode form = field.getValue().has("items") ? field.getValue().path("items") : field.getValue();
            String pattern = form.path("pattern").asText();
            assertThat(BactrianService.json(answer).path("detail").asText())
                    .endsWith(" of the form " + pattern.replaceAll("^\\^|\\$$", "") + ".");
        }
        for (Map.Entry<String, JsonNode> field :
                CONTRACT.at("/components/schemas/RestoreRequest/properties").properties()) {
            ObjectNode body = (ObjectNode) BactrianService.json(restore);
            String detail = BactrianService.json(call(
                                    "POST",
                                    "/api/restores",
                                    body.put(field.getKey(), 1).toString())
                            .body())
                    .path("detail")
                    .asText();
            JsonNode names = CONTRACT.at("/components/schemas/Names");
            assertThat(detail)
                    .startsWith(field.getKey() + " must be ")
                    .contains(
                            field.getValue().has("$ref")
                                    ? "a list of " + names.path("minItems") + " to " + names.path("maxItems")
                                            + " names, each a string of 1 to " + names.at("/items/maxLength")
                                    : field.getValue().has("pattern")
                                            ? " of the form "
                                                    + field.getValue()
                                                            .path("pattern")
                                                            .asText()
                                                            .replaceAll("^\\^|\\$$", "")
                                                    + "."
                                            : "true or false.");
        }
        String unknown = BactrianService.json(
                        service.send("POST", "/api/backups", "{\"x\": 1}").body())
                .path("detail")
                .asText();
        List<String> names = StreamSupport.stream(
                        ((Iterable<String>) CONTRACT.at("/components/schemas/BackupRequest/properties")::fieldNames)
                                .spliterator(),
                        false)
                .sorted()
                .toList();
        assertThat(unknown).endsWith("Known are: " + String.join(", ", names) + ".");
    }

    @Test
    void givesExamplesThatFitTheirSchemas() {
        List<String> wrong = new ArrayList<>();
        int examples = examples(CONTRACT.path("paths"), wrong) + examples(CONTRACT.at("/components/responses"), wrong);
        assertThat(wrong).isEmpty();
        assertThat(examples).isGreaterThan(15);
    }

    @Test
    void describesEveryAnswerThatTheServiceGives() throws Exception {
        String big = "{\"ref\":\"" + "x".repeat(70_000) + "\"}";

        // 202 and 200
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-1\"}"));
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-failed\"}"));
        look(
                "POST",
                "/api/backups",
                service.send(
                        "POST",
                        "/api/backups",
                        "{\"dispatch_id\": \"contract-part\", \"schemas\": [\"*\"], \"exclude_table_data\": [\"*.x\"]}"));
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"databases\": [\"default\", \"empty\"]}"));
        look("GET", "/api/backups", service.send("GET", "/api/backups?limit=1", null));
        look("GET", "/api/backups", service.send("GET", "/api/backups?database=default&status=failed", null));
        for (String id : List.of(backup, FAILED, RUNNING)) {
            look("GET", "/api/backups/{id}", service.send("GET", "/api/backups/" + id, null));
        }
        look("GET", "/api/backups/{id}/manifest", service.send("GET", "/api/backups/" + backup + "/manifest", null));
        look(
                "POST",
                "/api/backups/{id}/download-url",
                service.send("POST", "/api/backups/" + backup + "/download-url", null));

        look("GET", "/api/backups", service.send("GET", "/api/backups?trigger=push", null));
        look("GET", "/api/service", service.send("GET", "/api/service", null));
        look("GET", "/api/databases", service.send("GET", "/api/databases", null));
        lookAtChecks(big);
        look("POST", TEST, service.send("POST", TEST, null));
        look("POST", TEST, service.send("POST", TEST, "{\"event\": \"success\"}"));
        look("POST", TEST, service.send("POST", TEST, "{\"event\": \"start\"}"));
        look("POST", TEST, service.send("POST", TEST, big));
        look(
                "POST",
                TEST,
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + TEST))
                        .header("Authorization", "Bearer " + BactrianService.API_KEY)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("failure"))
                        .build()));
        for (String name : List.of("manifest.json", "README.txt", "db/roles.sql", "db%2Fschema.dump", "not-there")) {
            look(
                    "GET",
                    "/api/backups/{id}/entries/{name}",
                    service.send("GET", "/api/backups/" + backup + "/entries/" + name, null));
        }

        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', '\"maybe\"'),"
                + " ('schedule.default', '7'), ('retention', '{\"keep_last\": 0}')");
        look("GET", "/api/settings", service.send("GET", "/api/settings", null));
        control.run("DELETE FROM system_settings_kv");
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'true')");
        look("GET", "/api/settings", service.send("GET", "/api/settings", null));
        look(
                "PUT",
                "/api/settings",
                service.send(
                        "PUT",
                        "/api/settings",
                        "{\"timezone\": \"Europe/Berlin\", \"schedules\": {\"default\": \"0 0 2 * * ?\", \"empty\": null}, "
                                + "\"retention\": {\"keep_daily\": 7}}"));
        for (String query : List.of("", "?force=true")) {
            look(
                    "PUT",
                    "/api/settings",
                    service.send("PUT", "/api/settings" + query, "{\"retention\": {\"keep_last\": 1}}"));
        }
        look("GET", PLAN, service.send("GET", PLAN, null));
        look("GET", PLAN, service.send("GET", PLAN + "?database=default&keep_last=1", null));
        for (String wrong : List.of("keep_last=0", "keep_last=two", "keep_lost=1", "database=elsewhere")) {
            HttpResponse<String> refused = service.send("GET", PLAN + "?" + wrong, null);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            look("GET", PLAN, refused);
        }
        look("PUT", "/api/settings", service.send("PUT", "/api/settings", "{\"timezone\": \"Mars\"}"));
        look("PUT", "/api/settings", service.send("PUT", "/api/settings", big));
        look(
                "PUT",
                "/api/settings",
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/api/settings"))
                        .header("Authorization", "Bearer " + BactrianService.API_KEY)
                        .header("Content-Type", "text/plain")
                        .PUT(HttpRequest.BodyPublishers.ofString("on"))
                        .build()));
        control.run("DELETE FROM system_settings_kv");

        HttpResponse<String> begun = call("POST", "/api/restores", restore);
        look("POST", "/api/restores", begun);
        String dryRun = BactrianService.json(begun.body()).path("id").asText();
        JsonNode ended = Awaitility.await("the end of a dry run")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> BactrianService.json(
                                call("GET", "/api/restores/" + dryRun, null).body()),
                        row -> !"in_progress".equals(row.path("status").asText()));
        assertThat(ended.at("/report/plan").isObject()).as(ended.toString()).isTrue();
        for (String id : List.of(dryRun, FAILED, RUNNING)) {
            look("GET", "/api/restores/{id}", call("GET", "/api/restores/" + id, null));
        }
        HttpResponse<String> proof = service.send("POST", "/api/backups/" + backup + "/verify", null);
        look("POST", "/api/backups/{id}/verify", proof);
        String verification = BactrianService.json(proof.body()).path("id").asText();
        JsonNode proven = Awaitility.await("the end of a verification")
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> BactrianService.json(call("GET", "/api/restores/" + verification, null)
                                .body()),
                        row -> !"in_progress".equals(row.path("status").asText()));
        look("GET", "/api/restores/{id}", call("GET", "/api/restores/" + verification, null));
        assertThat(proven.path("status").asText()).as(proven.toString()).isEqualTo("success");
        assertThat(service.backup(backup).path("verified_at").asText()).startsWith("20");
        look("GET", "/api/restores", call("GET", "/api/restores", null));
        look("GET", "/api/restores", call("GET", "/api/restores?limit=x", null));

        // 403, 404, 409, 413, 415
        look("POST", "/api/restores", service.send("POST", "/api/restores", restore));
        look("POST", "/api/restores/{id}/cancel", service.send("POST", "/api/restores/" + FAILED + "/cancel", null));
        look("POST", "/api/restores", call("POST", "/api/restores", restore.replace("latest", UNKNOWN)));
        look("POST", "/api/restores", call("POST", "/api/restores", restore.replace("latest", FAILED)));
        look("POST", "/api/restores", call("POST", "/api/restores", big));
        look("POST", "/api/restores/{id}/cancel", call("POST", "/api/restores/" + FAILED + "/cancel", big));
        look(
                "POST",
                "/api/restores",
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/api/restores"))
                        .header("Authorization", "Bearer " + BactrianService.RESTORE_KEY)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("latest"))
                        .build()));

        // 400, 413, 415
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{"));
        look("GET", "/api/backups", service.send("GET", "/api/backups?limit=0", null));
        look("POST", "/api/backups", service.send("POST", "/api/backups", big));
        look(
                "POST",
                "/api/backups",
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/api/backups"))
                        .header("Authorization", "Bearer " + BactrianService.API_KEY)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("default"))
                        .build()));
        look(
                "POST",
                "/api/backups/{id}/download-url",
                service.send("POST", "/api/backups/" + backup + "/download-url", big));
        look("POST", "/api/backups/{id}/cancel", service.send("POST", "/api/backups/" + backup + "/cancel", big));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup, big));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup + "?force=x", null));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup, null));
        look("POST", "/api/backups/{id}/verify", service.send("POST", "/api/backups/" + backup + "/verify", big));

        // 400, 404, 409, by what is wrong with the id
        eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            for (String id : path.contains("{id}") ? List.of("x", UNKNOWN, FAILED, RUNNING) : List.<String>of()) {
                if (path.endsWith("/events") && id.equals(RUNNING)) {
                    // It would be followed for minutes: FollowIT does so.
                    continue;
                }
                look(method, path, call(method, filled(path, id), null));
            }
        });

        // 401
        eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            look(
                    method,
                    path,
                    BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + filled(path, backup)))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build()));
        });

        // 422, 429
        look(
                "POST",
                "/api/backups",
                service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-1\", \"sha\": \"abcdef0\"}"));
        control.run("INSERT INTO backup_history (database, target, phase) "
                + "SELECT 'nowhere', 'nowhere', 'queued' FROM generate_series(1, 100)");
        look("POST", "/api/backups", service.send("POST", "/api/backups", null));
        ask("POST", "trigger-backup", null);
        look("POST", HOOK, deliver(service, "push", GithubHookIT.resource("push.json"), "contract-full"));
        control.run("DELETE FROM backup_history WHERE database = 'nowhere'");
        lookAtFunctions(big);
        lookAtDeliveries();

        // 409
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'false')");
        look("POST", "/api/backups", service.send("POST", "/api/backups", null));
        ask("POST", "trigger-backup", null);
        look("POST", HOOK, deliver(service, "push", GithubHookIT.resource("push.json")));
        control.run("DELETE FROM system_settings_kv");

        // 502
        try (BactrianService lost = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        control.url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "S3_ENDPOINT",
                        "http://127.0.0.1:" + BactrianService.freePort()),
                control,
                store)) {
            for (String operation : List.of(
                    "GET /api/backups/{id}/manifest",
                    "GET /api/backups/{id}/entries/{name}",
                    "DELETE /api/backups/{id}")) {
                String path = operation.substring(operation.indexOf(' ') + 1);
                String method = operation.substring(0, operation.indexOf(' '));
                look(method, path, lost.send(method, filled(path, backup), null));
            }
            String elsewhere = "{\"backup\": \"" + backup + "\", \"database\": \"default\", \"dry_run\": true, "
                    + "\"confirm\": \"" + control.name() + "\"}";
            look("POST", "/api/restores", lost.send(BactrianService.RESTORE_KEY, "POST", "/api/restores", elsewhere));
            // 403
            look("POST", HOOK, deliver(lost, "ping", "{}"));
        }

        // 503
        control.run(
                "ALTER TABLE backup_history RENAME TO elsewhere",
                "ALTER TABLE restore_history RENAME TO elsewhere_too",
                "ALTER TABLE system_settings_kv RENAME TO elsewhere_as_well");
        String named = "{\"backup_id\": \"" + backup + "\", \"s3_key\": \"a\", \"enabled\": true}";
        for (String function : List.of("update-backup", "backup-status", "generate-signed-url", "settings-toggle")) {
            ask("POST", function, named);
        }
        ask("GET", "backup-status?dispatch_id=a", null);
        look("POST", HOOK, deliver(service, "push", GithubHookIT.resource("push.json")));
        look("POST", "/api/restores", call("POST", "/api/restores", restore));
        look("PUT", "/api/settings", call("PUT", "/api/settings", "{\"backup_enabled\": true}"));
        eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            look(method, path, call(method, filled(path, backup), null));
        });
        control.run(
                "ALTER TABLE elsewhere RENAME TO backup_history",
                "ALTER TABLE elsewhere_too RENAME TO restore_history",
                "ALTER TABLE elsewhere_as_well RENAME TO system_settings_kv");

        // 429
        HttpResponse<String> test;
        do {
            test = service.send("POST", TEST, "{\"event\": \"success\"}");
            look("POST", TEST, test);
        } while (test.statusCode() == 409);

        Set<String> described = new TreeSet<>();
        eachOperation((name, operation) -> operation
                .path("responses")
                .fieldNames()
                .forEachRemaining(status -> described.add(name + " " + status)));
        // What nobody foresees can't be made to happen everywhere.
        described.removeIf(answer -> answer.endsWith(" 500"));
        seen.removeIf(answer -> answer.endsWith(" 500"));
        // A link is signed without the store: only the credentials of a role, which its host doesn't give out, can be
        // lacking.
        described.remove("POST /api/backups/{id}/download-url 502");
        described.remove("POST /functions/v1/generate-signed-url 502");
        // EntriesIT fills all places.
        described.remove("GET /api/backups/{id}/entries/{name} 429");
        assertThat(seen).isEqualTo(described);
    }

    /** One that runs until the control database's migrations can be looked at keeps another one from running. */
    private void lookAtChecks(String big) throws Exception {
        try (Connection connection = control.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE bactrian_schema_history");
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> service.send("POST", "/api/checks", null));
            Awaitility.await("a check that waits")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> control.jdbc()
                            .queryForObject(
                                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = "
                                            + "'bactrian_schema_history'::regclass)",
                                    Boolean.class));
            look("POST", "/api/checks", service.send("POST", "/api/checks", null));
            connection.rollback();
            look("POST", "/api/checks", first.get());
        }
        look("POST", "/api/checks", service.send("POST", "/api/checks", big));
    }

    private void lookAtFunctions(String big) {
        // 200
        ask("POST", "trigger-backup", "{\"dispatch_id\": \"contract-function\"}");
        ask("POST", "backup-status", "{\"dispatch_id\": \"contract-function\"}");
        ask("GET", "backup-status?backup_id=" + FAILED, null);
        ask("POST", "backup-history", "{\"limit\": 1}");
        ask("GET", "backup-history?status=completed", null);
        ask("POST", "generate-signed-url", "{\"backup_id\": \"" + backup + "\"}");
        ask("GET", "settings-toggle", null);
        ask("POST", "settings-toggle", "{\"enabled\": true}");
        control.run("DELETE FROM system_settings_kv");
        String report = "{\"dispatch_id\": \"contract-worker\", \"s3_key\": \"a/worker.zip\"}";
        control.run("INSERT INTO backup_history (dispatch_id, status) VALUES ('contract-worker', 'in_progress')");
        ask("GET", "backup-status?dispatch_id=contract-worker", null);
        ask("POST", "update-backup", report);
        ask("POST", "update-backup", report);
        // 400
        ask("POST", "trigger-backup", "{\"database\": \"x\"}");
        // 422
        ask("POST", "trigger-backup", "{\"dispatch_id\": \"contract-function\", \"sha\": \"abcdef0\"}");
        ask("POST", "update-backup", report.replace("a/worker.zip", ""));
        ask("POST", "backup-status", "{}");
        ask("GET", "backup-status", null);
        ask("POST", "backup-history", "{\"limit\": 0}");
        ask("GET", "backup-history?limit=0", null);
        ask("POST", "generate-signed-url", "{}");
        ask("POST", "settings-toggle", "{}");
        // 404, 409
        for (String id : List.of(UNKNOWN, FAILED)) {
            String json = "{\"backup_id\": \"" + id + "\", \"s3_key\": \"b\"}";
            ask("POST", "update-backup", json);
            ask("POST", "generate-signed-url", json.replace("\"b\"", "\"c\""));
            ask("POST", "backup-status", json.replace("\"b\"", "\"c\""));
            ask("GET", "backup-status?backup_id=" + id, null);
        }
        // 413, 415
        for (String function : List.of(
                "trigger-backup",
                "update-backup",
                "backup-status",
                "backup-history",
                "generate-signed-url",
                "settings-toggle")) {
            ask("POST", function, big);
            look(
                    "POST",
                    FUNCTIONS + function,
                    BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + FUNCTIONS + function))
                            .header("Authorization", "Bearer " + BactrianService.API_KEY)
                            .header("Content-Type", "application/xml")
                            .POST(HttpRequest.BodyPublishers.ofString("default"))
                            .build()));
        }
    }

    private void lookAtDeliveries() {
        String push = GithubHookIT.resource("push.json");
        for (String body : List.of(push, push.replace("heads/main", "tags/main"), "[]", " ".repeat(4_194_305))) {
            look("POST", HOOK, deliver(service, "push", body));
        }
        look("POST", HOOK, deliver(service, "push", push.replace("\"after\": \"", "\"after\": \"abc")));
        look("POST", HOOK, deliver(service, "ping", GithubHookIT.resource("ping.json")));
    }

    /** Calls a function, and looks at the answer. */
    private void ask(String method, String function, String json) {
        look(method, FUNCTIONS + function.replaceAll("\\?.*", ""), service.send(method, FUNCTIONS + function, json));
    }

    private static HttpResponse<String> deliver(BactrianService to, String event, String body) {
        return deliver(to, event, body, "contract-delivery");
    }

    private static HttpResponse<String> deliver(BactrianService to, String event, String body, String id) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(to.base() + HOOK))
                .header("Content-Type", JSON_TYPE)
                .header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", id)
                .header("X-Hub-Signature-256", new HmacSignature(SECRET).of(body.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Without this, a validator that accepts everything would pass all of the above. */
    @Test
    void refusesAnswersThatAreNotAsDescribed() {
        JsonNode schema = schema("/components/schemas/Backup");
        ObjectNode row = (ObjectNode) service.backup(backup);
        assertThat(validate(schema, row)).isEmpty();

        for (ObjectNode wrong : List.of(
                row.deepCopy().without("status"),
                row.deepCopy().put("status", "done"),
                row.deepCopy().put("phase", "resting"),
                row.deepCopy().put("id", "1"),
                row.deepCopy().put("size_bytes", "1"),
                row.deepCopy().put("created_at", "2026-11-20 18:40:39"),
                row.deepCopy().put("created_at", "2026-11-20T18:40:39+01:00"),
                row.deepCopy().put("finished_at", "yesterday"),
                row.deepCopy().put("sha256", "A".repeat(64)),
                row.deepCopy().put("rows_total", "many"),
                row.deepCopy().put("warnings", "none"),
                row.deepCopy().put("node", "host/1/1"))) {
            assertThat(validate(schema, wrong)).as(wrong.toString()).isNotEmpty();
        }
    }

    /** Sends a request with the key that opens everything. */
    private static HttpResponse<String> call(String method, String path, String json) {
        return service.send(BactrianService.RESTORE_KEY, method, path, json);
    }

    /** Holds an answer against the contract: status, media type, headers and body. */
    private void look(String method, String path, HttpResponse<String> answer) {
        String name = method + " " + path + " " + answer.statusCode();
        JsonNode response = resolve(CONTRACT.path("paths")
                .path(path)
                .path(method.toLowerCase(java.util.Locale.ROOT))
                .path("responses")
                .path(Integer.toString(answer.statusCode())));
        assertThat(response.isMissingNode())
                .as(name + " isn't described: " + answer.body())
                .isFalse();
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            String value = answer.headers().firstValue(header.getKey()).orElse(null);
            assertThat(value).as(name + ": " + header.getKey()).isNotNull();
            assertThat(validate(header.getValue().path("schema"), JSON.valueToTree(value)))
                    .as(name + ": " + header.getKey())
                    .isEmpty();
        }
        if (!response.has("content")) {
            assertThat(answer.body()).as(name).isEmpty();
            seen.add(name);
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode()).as(name + " as " + type).isFalse();
        JsonNode body = type.equals(JSON_TYPE) || type.equals(PROBLEM_TYPE)
                ? BactrianService.json(answer.body())
                : JSON.valueToTree(answer.body());
        assertThat(validate(schema, body)).as(name + ": " + answer.body()).isEmpty();
        if (type.equals(PROBLEM_TYPE)) {
            assertThat(body.path("status").asInt()).as(name).isEqualTo(answer.statusCode());
        }
        seen.add(name);
    }

    private static int examples(JsonNode node, List<String> wrong) {
        int count = 0;
        if (node.has("schema") && node.has("examples")) {
            for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
                JsonNode value = resolve(example.getValue()).path("value");
                Set<ValidationMessage> messages = validate(node.path("schema"), value);
                if (!messages.isEmpty() || value.isMissingNode()) {
                    wrong.add(example.getKey() + ": " + messages);
                }
                count++;
            }
        }
        for (JsonNode child : node) {
            count += examples(child, wrong);
        }
        return count;
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static JsonNode schema(String pointer) {
        return JSON.createObjectNode().put("$ref", "#" + pointer);
    }

    private static Set<ValidationMessage> validate(JsonNode schema, JsonNode value) {
        ObjectNode document = JSON.createObjectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.putArray("allOf").add(closed(schema.deepCopy()));
        document.putObject("components")
                .set("schemas", closed(CONTRACT.at("/components/schemas").deepCopy()));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        document,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build())
                .validate(value);
    }

    /** Callers leave alone what they don't know, but this test wants every member described. */
    private static JsonNode closed(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && object.path("type").isTextual()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(OpenApiIT::closed);
        return schema;
    }

    private static void eachOperation(BiConsumer<String, JsonNode> action) {
        for (Map.Entry<String, JsonNode> path : CONTRACT.path("paths").properties()) {
            for (Iterator<Map.Entry<String, JsonNode>> members = path.getValue().fields(); members.hasNext(); ) {
                Map.Entry<String, JsonNode> member = members.next();
                if (METHODS.contains(member.getKey())) {
                    action.accept(
                            member.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                            member.getValue());
                }
            }
        }
    }

    /** A path with an id, and the name of what each archive has. */
    private static String filled(String path, String id) {
        return path.replace("{id}", id).replace("{name}", "manifest.json");
    }

    private static JsonNode contract() {
        try {
            return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text() throws IOException {
        try (InputStream in = OpenApiIT.class.getResourceAsStream("/openapi.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
