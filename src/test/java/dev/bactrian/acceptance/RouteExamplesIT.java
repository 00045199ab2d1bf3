package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianJava;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.FastSchedules;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked examples of docs/examples/, as they are, in a project folder as a user has it. */
class RouteExamplesIT {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final TestDatabase database = PostgresServer.V15
            .createDatabase()
            .run("CREATE TABLE note (id int PRIMARY KEY, text text)", "INSERT INTO note VALUES (1, 'one'), (2, 'two')");
    private final TestDatabase control = PostgresServer.V15.createDatabase();
    private final int port = BactrianService.freePort();
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "DATABASE_URL", database.url(),
            "CONTROL_DATABASE_URL", control.url(),
            "BACKUP_API_KEY", BactrianService.API_KEY,
            "HTTP_PORT", Integer.toString(port),
            "MANAGEMENT_PORT", Integer.toString(BactrianService.freePort()),
            "PG_BIN", BactrianService.pg17().toString()));

    @Test
    void anArchiveIsStoredAsAFile() throws Exception {
        project("store-folder");

        assertThat(bactrian("backup").waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        Map<String, Object> row = control.jdbc().queryForMap("SELECT * FROM backup_history");
        assertThat(row).as(output()).containsEntry("status", "success");
        Path archive = folder.resolve("archives").resolve(row.get("s3_key").toString());
        assertThat(archive).hasSize((Long) row.get("size_bytes"));
        assertThat(entries(archive)).contains("README.txt", "manifest.json", "db/public/tables/note/data.sql");
        assertThat(stored())
                .containsExactlyInAnyOrder(
                        archive,
                        archive.resolveSibling("manifest.json"),
                        folder.resolve("archives/backups/latest/default/manifest.json"));

        // What stores elsewhere is restored from there: by the latest, and by an id that is looked for in the
        // manifests.
        for (String backup : List.of("latest", row.get("id").toString())) {
            TestDatabase target = PostgresServer.V15.createDatabase();
            settings.put("DATABASE_URL_RESCUE", target.url());
            Process restore = bactrian("restore", backup, "--to", "rescue");
            assertThat(restore.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(restore.exitValue()).as(output()).isZero();
            assertThat(target.contentDigests()).isEqualTo(database.contentDigests());
        }
        Process verify = bactrian("verify", "latest", "--archive-only");
        assertThat(verify.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(verify.exitValue()).as(output()).isZero();
    }

    @Test
    void aFailedBackupLeavesNoFile() throws Exception {
        project("store-folder");
        settings.put("PG_BIN", programsThatFailAtTheRows().toString());

        assertThat(bactrian("backup").waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();

        Map<String, Object> row = control.jdbc().queryForMap("SELECT * FROM backup_history");
        assertThat(row).as(output()).containsEntry("status", "failed").containsEntry("s3_key", null);
        assertThat(row.get("error_text").toString()).contains("made to fail");
        assertThat(stored()).isEmpty();
    }

    /** Of a backup whose process is gone, there is nothing to be seen then; its archive and manifest are there again later. */
    @Test
    void aShareThatIsNotMountedIsNoEmptyStore() throws Exception {
        project("store-folder");
        assertThat(bactrian("backup").waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        List<Path> stored = stored();
        Path archives = folder.resolve("archives");
        Path away = Files.move(archives, folder.resolve("away"));
        Files.createDirectory(archives);
        control.run(
                "UPDATE backup_history SET status = 'in_progress', phase = 'finishing', finished_at = NULL, sha256 = NULL, "
                        + "heartbeat_at = now() - interval '1 day'");
        Process service = bactrian("serve");
        try {
            Awaitility.await("two looks")
                    .atMost(LONGEST)
                    .failFast("the service ended", () -> !service.isAlive())
                    .until(() -> output().split("is the share mounted", -1).length > 2);
            assertThat(control.jdbc().queryForObject("SELECT status FROM backup_history", String.class))
                    .isEqualTo("in_progress");
            assertThat(archives).isEmptyDirectory();

            Files.delete(archives);
            Files.move(away, archives);
            Awaitility.await("its end")
                    .atMost(LONGEST)
                    .until(
                            () -> control.jdbc().queryForObject("SELECT status FROM backup_history", String.class),
                            "success"::equals);
            assertThat(stored()).containsExactlyInAnyOrderElementsOf(stored);

            Files.move(archives, away);
            Files.createDirectory(archives);
            String second = api("POST", "/api/backups", "{\"database\": \"default\"}")
                    .path("id")
                    .asText();
            Map<String, Object> row = Awaitility.await("the end of the second")
                    .atMost(LONGEST)
                    .until(
                            () -> control.jdbc().queryForMap("SELECT * FROM backup_history WHERE id = ?::uuid", second),
                            found -> "failed".equals(found.get("status")));
            assertThat(row.get("error_text").toString()).contains("is the share mounted", "mkdir -p");
            assertThat(archives).isEmptyDirectory();
        } finally {
            service.destroyForcibly().waitFor();
        }
    }

    @Test
    void theEndOfABackupIsTold() throws Exception {
        project("store-folder", "status-file");
        settings.put("BACKUP_CRON", "0 0 3 * * ?");
        Process service = bactrian("serve");
        try {
            FastSchedules.every(control, "default", 2);
            JsonNode told = told("default", service);
            assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("success");
            assertThat(output())
                    .contains("loaded by the service and by every command but check: routes/status-file.camel.yaml.");
            assertThat(told.path("trigger").asText()).isEqualTo("schedule");
            assertThat(told.path("dispatch_id").asText())
                    .matches("schedule-default-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ");

            control.run("INSERT INTO backup_history (database, status, finished_at, error_text) "
                    + "VALUES ('other', 'failed', now(), 'It \"broke\".')");
            assertThat(told("other", service).path("error_text").asText()).isEqualTo("It \"broke\".");
            assertThat(Files.readAllLines(folder.resolve("status/told.txt")))
                    .doesNotHaveDuplicates()
                    .contains(told.path("id").asText());

            String id = told.path("id").asText();
            assertThat(api("GET", "/api/backups/" + id + "/manifest")
                            .path("totals")
                            .path("rows")
                            .asInt())
                    .isEqualTo(2);
        } finally {
            service.destroyForcibly().waitFor();
        }
    }

    @Test
    void aFileRequestsABackup() throws Exception {
        project("store-folder", "trigger-file");
        Process service = bactrian("serve");
        try {
            Path requests = folder.resolve("requests");
            Awaitility.await("the folder that is looked at")
                    .atMost(LONGEST)
                    .failFast("the service ended", () -> !service.isAlive())
                    .until(() -> Files.isDirectory(requests));

            drop(requests, "wrong.json", "{\"databse\": \"default\"}");
            drop(requests, "nightly.json", "{\"database\": \"default\", \"dispatch_id\": \"by-a-file\"}");

            Awaitility.await("the backup")
                    .atMost(LONGEST)
                    .failFast("the service ended", () -> !service.isAlive())
                    .until(
                            () -> control.jdbc()
                                    .queryForList(
                                            "SELECT dispatch_id FROM backup_history WHERE status = 'success'",
                                            String.class),
                            List.of("by-a-file")::equals);
            Awaitility.await("the files' end")
                    .atMost(LONGEST)
                    .until(() -> Files.exists(requests.resolve(".done/nightly.json"))
                            && Files.exists(requests.resolve(".refused/wrong.json")));
            assertThat(output()).contains("The body has an unknown field");
            assertThat(control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Long.class))
                    .isEqualTo(1);
        } finally {
            service.destroyForcibly().waitFor();
        }
    }

    private void drop(Path requests, String name, String text) throws IOException {
        Files.move(Files.writeString(folder.resolve(name), text), requests.resolve(name));
    }

    /** The routes as shipped, but for these examples; one that stores takes the place of the one for S3. */
    private void project(String... examples) throws IOException {
        ProjectFolder.copyTo(folder);
        for (String example : examples) {
            String name = example + ".camel.yaml";
            Path to = folder.resolve(
                    example.startsWith("store-")
                            ? "routes/store"
                            : example.startsWith("trigger-") ? "routes/triggers" : "routes");
            Files.copy(PROJECT.resolve("docs/examples").resolve(name), to.resolve(name));
        }
        Files.delete(folder.resolve("routes/store/s3.camel.yaml"));
    }

    private Process bactrian(String... arguments) throws IOException {
        List<String> words = BactrianJava.words();
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
        builder.environment().putAll(settings);
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.log"));
    }

    /** PostgreSQL's programs, but that every pg_dump of rows ends with an error. */
    private Path programsThatFailAtTheRows() throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("pg_dump", "pg_dumpall", "pg_restore")) {
            Path program = Files.writeString(
                    programs.resolve(name),
                    "#!/bin/sh\ncase \"$*\" in *--data-only*) echo 'pg_dump: error: made to fail' >&2; exit 1;; esac\n"
                            + "exec '" + BactrianService.pg17().resolve(name) + "' \"$@\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return programs;
    }

    private List<Path> stored() throws IOException {
        Path archives = folder.resolve("archives");
        if (!Files.exists(archives)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(archives)) {
            // In .bactrian is what the store knows itself by.
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(archives.resolve(".bactrian")))
                    .toList();
        }
    }

    /** Every entry's name, each read to its end, so that its checksum has been compared. */
    private static List<String> entries(Path archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream content = zip.getInputStream(entry)) {
                    content.transferTo(java.io.OutputStream.nullOutputStream());
                }
                names.add(entry.getName());
            }
        }
        return names;
    }

    private JsonNode told(String name, Process service) throws IOException {
        Path file = folder.resolve("status/" + name + ".json");
        Awaitility.await("what is told of " + name)
                .atMost(LONGEST)
                .failFast("the service ended", () -> !service.isAlive())
                .until(() -> Files.exists(file));
        return BactrianService.json(Files.readString(file));
    }

    private JsonNode api(String method, String path) {
        return api(method, path, "");
    }

    private JsonNode api(String method, String path, String body) {
        return BactrianService.json(
                BactrianService.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build())
                        .body());
    }
}
