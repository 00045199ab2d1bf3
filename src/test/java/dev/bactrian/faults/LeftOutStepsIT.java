package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.support.Sha256;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Routes that users have edited: a backup from which a step is left out fails, or is whole all the same. In every run some steps,
 * more of the routes that tell the story; all of them with {@code -Dbactrian.everyStep=true}.
 */
class LeftOutStepsIT {

    private static final boolean ALL = Boolean.getBoolean("bactrian.everyStep");

    /** Of the steps of the story, and of those of the other routes, every so many. */
    private static final int ONE_OF_STORY = 3;

    private static final int ONE_OF = 12;

    private static final Set<String> STORY = Set.of(
            "run-backup",
            "write-archive",
            "send-archive",
            "prove-backup",
            "store-manifest",
            "record-success",
            "mark-success");

    private static final Set<String> OF_A_DATABASE = Set.of(
            "run-backup",
            "confirm-folder",
            "dump-and-store",
            "write-archive",
            "send-archive",
            "detect",
            "meet-server",
            "find-programs",
            "recognise-project",
            "select-readable",
            "plan-dump",
            "select",
            "apply-rules",
            "dump-database",
            "dump-definitions",
            "dump-roles",
            "dump-large-objects",
            "dump-tables",
            "read-group",
            "copy-rows",
            "copy-extension-tables",
            "copy-whole-tables",
            "dump-formats",
            "dump-schemas",
            "dump-script",
            "confirm-tables",
            "read-back",
            "read-stored",
            "prove-backup",
            "mark-manifest",
            "store-archive",
            "measure-stored",
            "measure",
            "store-manifest",
            "fetch-manifest",
            "read-manifest",
            "read-range",
            "archives",
            "record-success",
            "mark-success");

    private static final Set<String> OF_A_PROJECT = Set.of(
            "confirm-platform",
            "auth-users",
            "plan-storage-files",
            "storage-files",
            "fetch-files",
            "check-vault",
            "vault-secrets");

    /** What comments in the routes allow to drop: the backup is good, and says that it does without. */
    private static final Set<String> DROPPED = Set.of(
            "to direct:auth-users in write-archive",
            "to direct:storage-files in write-archive",
            "to direct:vault-secrets in write-archive",
            "to direct:plan-storage-files in detect");

    private static final Set<String> EXCEPT = Set.of(
            // Counts in memory, after the end.
            "to forget-run in run-backup");

    /** Without these nothing ends what others wait for: such a backup ends after BACKUP_STALL_TIMEOUT, which is over soon here. */
    private static final Set<String> HANGING =
            Set.of("to direct:write-archive in dump-and-store", "to finish-archive in write-archive");

    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration LATE = Duration.ofSeconds(60);

    /** In the place of a backup's id. */
    private static final String REFUSED = "no service starts with this route";

    private static final String TOLD = "the routes don't call direct:";

    @TempDir
    private static Path folder;

    private static SupabaseServer server;
    private static StorageServer storage;
    private static Scene scene;
    private static TestDatabase source;
    private static TestDatabase project;
    private static final Map<String, Map<String, String>> WHOLE = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = SupabaseServer.start();
        storage = StorageServer.start();
        project = server.project("edited");
        storage.buckets().attach(project).create("team", false);
        storage.buckets().put("team", "a.txt", "a");
        storage.buckets().put("team", "b.txt", "b");
        project.jdbc().queryForList("SELECT vault.create_secret('sk_live', 'payment', 'for the checkout')");
        project.run("INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'a@example.com')");
        // One of everything that has a step of its own.
        source = Sources.small()
                .run(
                        "SELECT lo_from_bytea(0, 'large')",
                        "CREATE TABLE numbered (id serial)",
                        "INSERT INTO numbered DEFAULT VALUES",
                        "CREATE TYPE mood AS ENUM ('glad', 'sad')",
                        "CREATE TABLE scattered (m mood) PARTITION BY HASH (m)",
                        "CREATE TABLE scattered_0 PARTITION OF scattered FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                        "CREATE TABLE scattered_1 PARTITION OF scattered FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "INSERT INTO scattered VALUES ('glad'), ('sad')",
                        "CREATE TABLE secret AS SELECT 1 AS id",
                        // What autovacuum adds to a table counts as size, and decides about the number of ranges.
                        "CREATE TABLE large WITH (autovacuum_enabled = off) AS SELECT n, md5(n::text)"
                                + " FROM generate_series(1, 5000) n",
                        "CREATE TABLE of_extension AS SELECT 1 AS id",
                        "ALTER EXTENSION plpgsql ADD TABLE of_extension");
        Map<String, String> settings = new HashMap<>(Map.of(
                "BACKUP_SPLIT_ABOVE",
                "200KB",
                "DATABASE_URL",
                source.url(),
                "DATABASE_URL_PROJECT",
                SupabaseServer.url(project),
                "SUPABASE_URL_PROJECT",
                storage.url(),
                "SUPABASE_SERVICE_ROLE_KEY_PROJECT",
                StorageServer.SECRET_KEY,
                "BACKUP_STORAGE",
                "true",
                // A pattern without a schema: it means what the role's search path finds.
                "BACKUP_EXCLUDE_TABLES",
                "secret",
                "BACKUP_FORMATS",
                "tables,dump,sql",
                "BACKUP_READ_BACK",
                "true",
                "BACKUP_ENCRYPT_TO",
                PgpKeys.publicKey("alice").toString()));
        settings.put("BACKUP_INCLUDE_SCHEMAS_PROJECT", "public, auth, storage, vault");
        settings.put("BACKUP_RATE_LIMIT", "1000");
        // As many for all: a large table has more parts where a slow answer makes more workers.
        settings.put("BACKUP_PARALLELISM", "2");
        scene = Scene.start(settings);
        scene.steps().hurry("find-abandoned-backups");
        scene.steps().hurry("fail-stalled-backups");
        scene.steps().hurry("remove-leftovers");
        for (String database : List.of("default", "project")) {
            WHOLE.put(database, content(scene.assertSucceeds(database, null)));
        }
    }

    @AfterAll
    static void stop() {
        scene.close();
        storage.close();
        server.close();
    }

    static List<EditedRoutes.Cut> stepsOfADatabase() {
        return some(EditedRoutes.cuts(OF_A_DATABASE).stream()
                .filter(cut -> !DROPPED.contains(cut.toString()) && !EXCEPT.contains(cut.toString()))
                .filter(cut ->
                        !("send-archive".equals(cut.route()) && cut.step().startsWith("doTry")))
                .toList());
    }

    static List<EditedRoutes.Cut> stepsOfAProject() {
        return some(EditedRoutes.cuts(OF_A_PROJECT));
    }

    private static List<EditedRoutes.Cut> some(List<EditedRoutes.Cut> cuts) {
        return IntStream.range(0, cuts.size())
                .filter(n -> ALL || n % (STORY.contains(cuts.get(n).route()) ? ONE_OF_STORY : ONE_OF) == 0)
                .mapToObj(cuts::get)
                .toList();
    }

    static List<EditedRoutes.Cut> droppedCalls() {
        return EditedRoutes.cuts(OF_A_DATABASE).stream()
                .filter(cut -> DROPPED.contains(cut.toString()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("stepsOfADatabase")
    void aBackupFailsOrIsWhole(EditedRoutes.Cut cut) throws Exception {
        assertFailedOrWhole("default", cut);
    }

    @ParameterizedTest
    @MethodSource("stepsOfAProject")
    void aBackupOfAProjectFailsOrIsWhole(EditedRoutes.Cut cut) throws Exception {
        assertFailedOrWhole("project", cut);
    }

    private static void assertFailedOrWhole(String database, EditedRoutes.Cut cut) throws Exception {
        String id = backUp(database, cut);
        if (REFUSED.equals(id)) {
            return;
        }

        Map<String, Object> row = scene.aftermath().row(id);
        if ("success".equals(row.get("status"))) {
            if (!String.valueOf(row.get("warnings")).contains(TOLD)) {
                assertThat(content(id).entrySet())
                        .as(cut.toString())
                        .containsExactlyElementsOf(WHOLE.get(database).entrySet());
            }
        } else {
            assertThat(row).as(cut.toString()).containsEntry("status", "failed");
            assertThat(String.valueOf(row.get("error_text")))
                    .as(cut.toString())
                    .isNotBlank()
                    .doesNotContain("NullPointerException", "Cannot invoke");
            await("the removal of what it stored")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> scene.aftermath().row(id).get("s3_key") == null);
        }
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    @ParameterizedTest
    @MethodSource("droppedCalls")
    void whatMayBeDroppedIsTold(EditedRoutes.Cut cut) throws Exception {
        String id = backUp("project", cut);

        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        assertThat(String.valueOf(scene.aftermath().row(id).get("warnings"))).contains(TOLD);
        assertThat(scene.service().manifest(id).warnings()).anyMatch(warning -> warning.contains(TOLD));
    }

    @Test
    void aProjectThatAQueryDoesNotSeeIsNoSuccess() throws Exception {
        Path edited = Files.writeString(
                folder.resolve("detect-supabase.sql"),
                Files.readString(Path.of("sql/backup/detect-supabase.sql"))
                        .replace("c.relkind IN", "false AND c.relkind IN"));
        String id = backUp(
                "project",
                EditedRoutes.withUri(
                        "recognise-project",
                        "toD detect-supabase",
                        uri -> uri.replace("file:sql/backup/detect-supabase.sql", "file:" + edited)));

        assertThat(scene.aftermath().row(id)).containsEntry("status", "failed");
        assertThat(String.valueOf(scene.aftermath().row(id).get("error_text")))
                .contains("sql/backup/detect-supabase.sql");
    }

    @Test
    void nothingIsToldOfAWholeBackup() {
        String id = scene.assertSucceeds("project", null);

        assertThat(scene.service().manifest(id).warnings()).noneMatch(warning -> warning.contains(TOLD));
    }

    private static String backUp(String database, EditedRoutes.Cut cut) {
        try {
            if (!cut.use(scene.service().app().context())) {
                return REFUSED;
            }
            String id = scene.request(database);
            Duration stalled = HANGING.contains(cut.toString()) ? SOON : LATE;
            long start = System.nanoTime();
            await("the end of the backup without " + cut)
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> hasEnded(id, System.nanoTime() - start > stalled.toNanos()));
            return id;
        } finally {
            cut.restore(scene.service().app().context());
        }
    }

    /** Nobody runs it any more; what is still in progress then, the watchdog settles as soon as it was silent for long. */
    private static boolean hasEnded(String id, boolean hangs) {
        Map<String, Object> row = scene.aftermath().row(id);
        boolean running = scene.service().app().isAtWork(UUID.fromString(id));
        if (hangs) {
            // As after BACKUP_STALL_TIMEOUT: nothing writes, or nothing ends, what others wait for.
            scene.control()
                    .jdbc()
                    .update("UPDATE backup_history SET moved_at = now() - interval '1 hour' WHERE id = ?::uuid", id);
        }
        if ("in_progress".equals(row.get("status")) && !running && !"queued".equals(row.get("phase"))) {
            scene.control()
                    .jdbc()
                    .update(
                            "UPDATE backup_history SET heartbeat_at = now() - interval '1 minute' WHERE id = ?::uuid AND"
                                    + " heartbeat_at > now() - interval '30 seconds' AND node IS NOT NULL",
                            id);
            return false;
        }
        return !"in_progress".equals(row.get("status")) && !running;
    }

    /** What an archive holds, by the names of its entries; without what is another one in each: times and ids. */
    private static Map<String, String> content(String id) throws Exception {
        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        Path sealed = scene.store().download(key);
        DecryptionKey alice = PgpKeys.opening("alice", null);
        Map<String, String> content = new TreeMap<>();
        try (InputStream in = alice.open(Files.newInputStream(sealed));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName().replaceFirst("_\\d{8}_\\d{6}\\.dump$", ".dump");
                content.put(name, summary(name, zip.readAllBytes()));
            }
        }
        Files.delete(sealed);
        return content;
    }

    private static String summary(String name, byte[] bytes) {
        if ("manifest.json".equals(name) || "README.txt".equals(name)) {
            return "there";
        }
        if (name.endsWith(".dump")) {
            return new String(bytes, 0, 5, StandardCharsets.ISO_8859_1) + " of about " + (bytes.length + 64) / 512;
        }
        String text = new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("--") && !line.contains("restrict "))
                .collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
