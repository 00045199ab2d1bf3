package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The workflows in docs/examples/: their steps as they are, run by the shell that GitHub runs them with. */
class WorkflowExamplesIT {

    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL_PROD",
                        database.url(),
                        "DATABASE_URL_DEV",
                        "postgresql://nobody:any@127.0.0.1:" + BactrianService.freePort() + "/none"),
                control,
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    private record Run(int code, String output) {}

    @Test
    void aPushIsBackedUpAndWaitedFor() throws Exception {
        Map<String, String> environment = onPush("main");

        assertThat(run("Ask for the backup", environment).code()).isZero();
        Run waited = run("Wait for its end", environment);

        assertThat(waited.code()).as(waited.output()).isZero();
        JsonNode row = service.backup(environment.get("BACKUP_ID"));
        assertThat(waited.output())
                .contains("Stored as " + row.path("s3_key").asText() + ", "
                        + row.path("size_bytes").asText() + " bytes, SHA-256 "
                        + row.path("sha256").asText());
        assertThat(row.path("status").asText()).isEqualTo("success");
        assertThat(row.path("database").asText()).isEqualTo("prod");
        assertThat(row.path("dispatch_id").asText()).as("without the slash").isEqualTo("acme-shop-4711-1");
        assertThat(row.path("source_repo").asText()).isEqualTo("acme/shop");
        assertThat(row.path("source_event").asText()).isEqualTo("push");
        assertThat(row.path("source_ref").asText()).isEqualTo("refs/heads/main");
        assertThat(row.path("workflow_run_id").asText()).isEqualTo("4711");

        String first = environment.get("BACKUP_ID");
        assertThat(run("Ask for the backup", environment).code()).isZero();
        assertThat(environment).as("asked again").containsEntry("BACKUP_ID", first);
    }

    @Test
    void aBackupThatFailsFailsTheJobAndSaysWhy() throws Exception {
        Map<String, String> environment = onPush("dev");
        environment.put("DISPATCH", "acme/shop-4712-1");

        assertThat(run("Ask for the backup", environment).code()).isZero();
        Run waited = run("Wait for its end", environment);

        assertThat(waited.code()).isEqualTo(1);
        String reason =
                service.backup(environment.get("BACKUP_ID")).path("error_text").asText();
        assertThat(reason).contains("can't be reached");
        assertThat(waited.output()).contains("::error::The backup is failed. " + reason);
    }

    @Test
    void whatBactrianRefusesFailsTheJobAndSaysWhy() throws Exception {
        Map<String, String> environment = onPush("main");
        environment.put("DATABASE_MAIN", "stock");
        Run unknown = run("Ask for the backup", environment);
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.output()).contains("::error::", "There is no database stock. Configured are:");

        environment.putAll(Map.of("DATABASE_MAIN", "prod", "BACKUP_API_KEY", "a-wrong-key-0123456789"));
        Run refused = run("Ask for the backup", environment);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output())
                .contains("::error::", "Authorization: Bearer followed by")
                .doesNotContain("a-wrong-key");

        environment.put("BRANCH", "other");
        Run branch = run("Ask for the backup", environment);
        assertThat(branch.code()).isEqualTo(1);
        assertThat(branch.output()).contains("No database belongs to the branch other");
    }

    @Test
    void aBackupThatTakesTooLongFailsTheJob() throws Exception {
        String id = "33333333-3333-4333-8333-333333333333";
        control.run("INSERT INTO backup_history (id, status, database) VALUES ('" + id + "', 'in_progress', 'prod')");
        Map<String, String> environment = onPush("main");
        environment.putAll(Map.of("BACKUP_ID", id, "TIMEOUT", "1"));

        Run waited = run("Wait for its end", environment);

        assertThat(waited.code()).isEqualTo(1);
        assertThat(waited.output()).contains("external, 0 of ? tables", "hasn't ended within 1 seconds");
    }

    /** A branch's name is somebody else's text. */
    @Test
    void noValueBecomesAPartOfACommand() throws Exception {
        for (JsonNode step : steps("backup-on-push")) {
            assertThat(step.path("run").asText()).doesNotContain("${{");
        }
        for (JsonNode step : steps("worker-elsewhere")) {
            assertThat(step.path("run").asText()).doesNotContain("${{");
        }
    }

    @Test
    void aWorkerElsewhereReportsHowItEnded() throws Exception {
        Map<String, String> environment = environment(
                "worker-elsewhere",
                Map.of(
                        "BACTRIAN_URL",
                        service.base(),
                        "BACKUP_API_KEY",
                        BactrianService.API_KEY,
                        "RUN_ID",
                        "99",
                        "DISPATCH_ID",
                        "99-1"));
        environment.putAll(Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(control.port()),
                "PGDATABASE", control.name(),
                "PGUSER", "postgres",
                "S3_KEY", "backups/mine.zip",
                "SIZE", "42"));

        Run inserted = run("worker-elsewhere", "Insert the row", environment);
        assertThat(inserted.code()).as(inserted.output()).isZero();
        assertThat(row("99-1")).containsEntry("status", "in_progress").containsEntry("phase", "external");
        Run reported = run("worker-elsewhere", "Report the success", environment);
        assertThat(reported.code()).as(reported.output()).isZero();
        assertThat(row("99-1"))
                .containsEntry("status", "success")
                .containsEntry("s3_key", "backups/mine.zip")
                .containsEntry("size_bytes", 42L)
                .containsEntry("workflow_run_id", "99");

        environment.put("DISPATCH_ID", "99-2");
        Run failed = run("worker-elsewhere", "Report the failure", environment);
        assertThat(failed.code()).as(failed.output()).isZero();
        assertThat(row("99-2"))
                .containsEntry("status", "failed")
                .containsEntry("error_text", "The workflow failed. See the log of run 99.");
    }

    private static Map<String, Object> row(String dispatch) {
        return control.jdbc().queryForMap("SELECT * FROM backup_history WHERE dispatch_id = ?", dispatch);
    }

    private static Map<String, String> onPush(String branch) {
        Map<String, String> values = new HashMap<>(Map.of(
                "BACTRIAN_URL", service.base(),
                "BACKUP_API_KEY", BactrianService.API_KEY,
                "DATABASE_MAIN", "prod",
                "DATABASE_DEV", "dev",
                "TIMEOUT", "60",
                "REPOSITORY", "acme/shop",
                "EVENT", "push",
                "BRANCH", branch,
                "REF", "refs/heads/" + branch));
        values.putAll(Map.of(
                "SHA", "4f2a9c1d7e5b3a8f6c0d1e2f3a4b5c6d7e8f9a0b", "RUN_ID", "4711", "DISPATCH", "acme/shop-4711-1"));
        Map<String, String> environment = environment("backup-on-push", values);
        environment.put("POLL", "0.2");
        return environment;
    }

    /** What GitHub would put in the place of a job's expressions: all of them, and nothing else. */
    private static Map<String, String> environment(String workflow, Map<String, String> values) {
        assertThat(values.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        () -> job(workflow).path("env").fieldNames());
        return new TreeMap<>(values);
    }

    private Run run(String step, Map<String, String> environment) throws Exception {
        return run("backup-on-push", step, environment);
    }

    /** Runs a step, and takes over what it puts into the environment of those that follow. */
    private Run run(String workflow, String step, Map<String, String> environment) throws Exception {
        String script = StreamSupport.stream(steps(workflow).spliterator(), false)
                .filter(one -> one.path("name").asText().equals(step))
                .findFirst()
                .orElseThrow()
                .path("run")
                .asText();
        Path file = Files.writeString(folder.resolve("step.sh"), script);
        Path later = Files.writeString(folder.resolve("environment"), "");
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", BactrianService.pg17() + ":" + System.getenv("PATH"));
        builder.environment().put("GITHUB_ENV", later.toString());
        Process process = builder.start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(step + " ends").isTrue();
        for (String line : Files.readAllLines(later)) {
            environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    private static List<JsonNode> steps(String workflow) {
        List<JsonNode> steps = new ArrayList<>();
        job(workflow).path("steps").forEach(steps::add);
        assertThat(steps).hasSizeGreaterThan(1);
        return steps;
    }

    private static JsonNode job(String workflow) {
        try {
            Object document = new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(Path.of("docs/examples/" + workflow + ".yml")));
            return new ObjectMapper().valueToTree(document).at("/jobs/backup");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
