package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.http.security.SignedPaths;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A service that has a good, a failed and a running backup, and the check of its answers against the contract. The
 * classes for each resource send the requests.
 */
abstract class ContractCases {

    static final String JSON_TYPE = "application/json";
    private static final String PROBLEM_TYPE = "application/problem+json";

    static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    static final String FAILED = "11111111-1111-4111-8111-111111111111";
    static final String RUNNING = "22222222-2222-4222-8222-222222222222";
    static final String SECRET = "a-secret-shared-with-github-0123456789";
    static final String HOOK = "/hooks/github";
    static final String PLAN = "/api/retention/plan";
    static final String TEST = "/api/notifications/test";
    static final String FUNCTIONS = "/functions/v1/";

    /** A body that no request may have. */
    static final String BIG = "{\"ref\":\"" + "x".repeat(70_000) + "\"}";

    static TestDatabase control;
    static TestStore store;
    static BactrianService service;
    static OtherNode otherNode;
    static String backup;
    /** Body of a restore that can be asked for. */
    static String restore;

    /** Every answer that was looked at, as "GET /api/backups 200". */
    static final Set<String> SEEN = new TreeSet<>();

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

    static void stop() {
        otherNode.close();
        service.close();
        store.close();
    }

    /** Calls a function, and looks at the answer. */
    static void ask(String method, String function, String json) {
        look(method, FUNCTIONS + function.replaceAll("\\?.*", ""), service.send(method, FUNCTIONS + function, json));
    }

    /** Sends a request with a body of a type of the test's own. */
    static HttpResponse<String> typed(String key, String method, String path, String type, String body) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Sends a request with the key that opens everything. */
    static HttpResponse<String> call(String method, String path, String json) {
        return service.send(BactrianService.RESTORE_KEY, method, path, json);
    }

    /** Holds an answer against the contract: status, media type, headers and body. */
    static void look(String method, String path, HttpResponse<String> answer) {
        String name = method + " " + path + " " + answer.statusCode();
        JsonNode response = Contract.resolve(Contract.CONTRACT
                .path("paths")
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
            assertThat(Contract.validate(header.getValue().path("schema"), Contract.JSON.valueToTree(value)))
                    .as(name + ": " + header.getKey())
                    .isEmpty();
        }
        if (!response.has("content")) {
            assertThat(answer.body()).as(name).isEmpty();
            SEEN.add(name);
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode()).as(name + " as " + type).isFalse();
        JsonNode body = type.equals(JSON_TYPE) || type.equals(PROBLEM_TYPE)
                ? BactrianService.json(answer.body())
                : Contract.JSON.valueToTree(answer.body());
        assertThat(Contract.validate(schema, body))
                .as(name + ": " + answer.body())
                .isEmpty();
        if (type.equals(PROBLEM_TYPE)) {
            assertThat(body.path("status").asInt()).as(name).isEqualTo(answer.statusCode());
        }
        SEEN.add(name);
    }

    /** A path with an id, and the name of what each archive has. */
    static String filled(String path, String id) {
        return path.contains("{signature}")
                ? SignedPaths.of(id, Duration.ofMinutes(1))
                : path.replace("{id}", id).replace("{name}", "manifest.json");
    }
}
