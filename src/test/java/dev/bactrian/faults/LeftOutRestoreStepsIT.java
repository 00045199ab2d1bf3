package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Routes that users have edited: a restore from which a step is left out fails, or the target is complete all the same; and no
 * backup counts as verified by a verification without its comparison. Of the steps that have no case of their own here, some in
 * every run, all of them with {@code -Dbactrian.everyStep=true}.
 */
class LeftOutRestoreStepsIT {

    private static final boolean ALL = Boolean.getBoolean("bactrian.everyStep");
    private static final int ONE_OF = 12;

    private static final Set<String> OF_A_RESTORE = Set.of(
            "run-restore",
            "open-archive",
            "find-archive",
            "check-origin",
            "read-recorded",
            "check-restore",
            "prepare-target",
            "write-restore",
            "load-tables",
            "load-rows-of-extensions",
            "load-other-tables",
            "load-refused-tables",
            "load-large-objects",
            "finish-definitions",
            "restore-platform-parts");

    private static final Set<String> OF_A_VERIFICATION =
            Set.of("run-recorded-verify", "verify-in-scratch", "compare-scratch", "mark-verified");

    @TempDir
    private static Path folder;

    private static TestDatabase source;
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static JsonNode backup;
    private static Map<String, String> settings;
    private static Map<String, Object> whole;

    private TestDatabase target;

    @BeforeAll
    static void start() {
        source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE item (id serial PRIMARY KEY, name text)",
                        "INSERT INTO item (name) SELECT 'item ' || n FROM generate_series(1, 100) n",
                        "CREATE INDEX item_name ON item (name)",
                        "CREATE TABLE sale (item int REFERENCES item, day date)",
                        "INSERT INTO sale SELECT n, current_date FROM generate_series(1, 50) n",
                        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
                        "CREATE TRIGGER looked_at BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION nothing()",
                        "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY all_items ON item USING (id > 0)",
                        "CREATE MATERIALIZED VIEW per_day AS SELECT day, count(*) AS sales FROM sale GROUP BY day",
                        "SELECT lo_from_bytea(4711, 'large')");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        settings = Map.of(
                "DATABASE_URL",
                source.url(),
                "DATABASE_URL_SECOND",
                new TestDatabase(source.port(), source.name() + "_second").url(),
                "VERIFY_DATABASE_URL",
                new TestDatabase(source.port(), "postgres").url(),
                "RESTORE_API_KEY",
                BactrianService.RESTORE_KEY);
        service = BactrianService.start(settings, control, store);
        backup = service.goodBackUp();
        whole = content(source);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @BeforeEach
    void emptyTarget() {
        target = new TestDatabase(source.port(), source.name() + "_second").recreate();
        control.run("UPDATE backup_history SET verified_at = NULL");
    }

    static List<EditedRoutes.Cut> stepsOfARestore() {
        return some(EditedRoutes.cuts(OF_A_RESTORE));
    }

    static List<EditedRoutes.Cut> stepsOfAVerification() {
        return some(EditedRoutes.cuts(OF_A_VERIFICATION));
    }

    private static List<EditedRoutes.Cut> some(List<EditedRoutes.Cut> cuts) {
        return IntStream.range(0, cuts.size())
                .filter(n -> ALL || n % ONE_OF == 0)
                .mapToObj(cuts::get)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write-restore | to set-sequences | set-sequences",
                "write-restore | to direct:load-large-objects | direct:load-large-objects",
                "write-restore | to direct:finish-definitions | direct:finish-definitions",
                "write-restore | to unmark-target | unmark-target",
                "write-restore | to direct:load-tables | direct:load-tables",
                "write-restore | to restore-roles | restore-roles",
                "write-restore | to mark-target | mark-target",
                "write-restore | to make-definitions | make-definitions",
                "write-restore | to compare-target | compare-target",
                "write-restore | to compare-meaning | compare-meaning",
                "write-restore | to apply-database-settings | apply-database-settings",
                "write-restore | to direct:restore-platform-parts | restore-jobs",
                "write-restore | setProperty read-extension-members | read-extension-members",
                "load-other-tables | to build-indexes | build-indexes",
                "load-other-tables | to load-rows | direct:load-tables",
                "load-large-objects | filter {method | load-objects",
                "load-large-objects | to script-large-objects | script-large-objects",
                "load-large-objects | setProperty load-objects | load-objects",
                "finish-definitions | loop each-round-of-views | direct:finish-definitions",
                "finish-definitions | split each-definition | direct:finish-definitions",
                "check-restore | to prove-files | prove-files",
                "check-restore | to direct:prepare-target | direct:prepare-target",
                "run-restore | to direct:check-restore | direct:check-restore",
                "run-restore | to direct:open-archive | direct:open-archive",
                "find-archive | to direct:check-origin | direct:check-origin",
                "check-origin | to direct:read-recorded | direct:read-recorded",
            })
    void aRestoreNamesTheStepThatIsLeftOut(String route, String step, String named) {
        JsonNode row = restore(without(route, step));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("The routes in use leave out", named);
    }

    @Test
    void rowsThatNothingLoadsAreMissedWithoutTheComparisonToo() {
        EditedRoutes.Cut cut = EditedRoutes.without("write-restore", "to direct:load-tables", "to compare-target");

        JsonNode row = restore(cut);

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("direct:load-tables", "compare-target");
        assertThat(isMarked()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("stepsOfARestore")
    void aRestoreFailsOrIsComplete(EditedRoutes.Cut cut) {
        JsonNode row = restore(cut);

        if (row != null && "success".equals(row.path("status").asText())) {
            assertThat(content(target)).as(cut.toString()).isEqualTo(whole);
            assertThat(isMarked()).isFalse();
        } else if (row != null) {
            assertThat(row.path("status").asText()).as(cut + ": " + row).isIn("failed", "partial");
            assertThat(row.path("error_text").asText())
                    .as(cut.toString())
                    .isNotBlank()
                    .doesNotContain("NullPointerException", "Cannot invoke");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set-sequences before direct:load-tables | set-sequences",
                "direct:finish-definitions before direct:load-tables | direct:finish-definitions",
                "compare-target before make-definitions | compare-target",
                "unmark-target before direct:load-tables | direct:load-tables",
            })
    void whatIsDoneTooEarlyIsNotDone(String move, String named) {
        String[] steps = move.split(" before ");
        JsonNode row = restore(EditedRoutes.moved("write-restore", "to " + steps[0], "to " + steps[1]));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains(named);
    }

    @Test
    void aDryRunWritesNothingWithoutItsCondition() {
        EditedRoutes.Cut cut = EditedRoutes.after("run-restore", "to direct:check-restore", "to: direct:write-restore");

        JsonNode row = restore(cut, ", \"dry_run\": true");

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("DRY_RUN", "Nothing was changed");
        assertThat(target.rowCounts()).isEmpty();
        assertThat(isMarked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {", \"dry_run\": true", ", \"schema_only\": true", ", \"tables\": [\"public.item\"]"})
    void whatTheRoutesSkipRightlyIsNotMissed(String more) {
        JsonNode row = service.restored(body(more));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verify-in-scratch | to direct:compare-scratch | direct:compare-scratch",
                "verify-in-scratch | to direct:write-restore | direct:load-tables",
                "verify-in-scratch | setProperty prove-verification | prove-verification",
                "verify-in-scratch | setProperty leave-views-out | leave-views-out",
                "compare-scratch | setProperty differences | direct:compare-scratch",
                "write-restore | to set-sequences | set-sequences",
                "write-restore | to direct:load-tables | direct:load-tables",
                "write-restore | to unmark-target | unmark-target",
            })
    void aVerificationNamesTheStepThatIsLeftOut(String route, String step, String named) {
        JsonNode row = verify(without(route, step));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText()).contains("The routes in use leave out", named);
        assertThat(isVerified()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("stepsOfAVerification")
    void nothingIsVerifiedByAVerificationThatFails(EditedRoutes.Cut cut) {
        JsonNode row = verify(cut);

        if (row != null && !"success".equals(row.path("status").asText())) {
            assertThat(isVerified()).as(cut + ": " + row).isFalse();
        }
    }

    @Test
    void aWholeVerificationIsWrittenDown() {
        JsonNode row = verify(null);

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(isVerified()).isTrue();
    }

    @Test
    void theCommandsTellTheSame() {
        ProjectFolder.copyTo(folder);
        ProjectFolder.edit(
                folder.resolve("routes/restore/restore.camel.yaml"), text -> withoutLine(text, "id: set-sequences"));
        ProjectFolder.edit(
                folder.resolve("routes/restore/verify.camel.yaml"),
                text -> withoutLine(text, "to: direct:compare-scratch"));
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(store.settings());
        all.put("CONTROL_DATABASE_URL", control.url());
        all.put("PG_BIN", BactrianService.pg17().toString());
        all.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        String id = backup.path("id").asText();

        Run restore = Run.bactrianFrom(folder, all, "restore", id, "--to", "second");
        Run verify = Run.bactrianFrom(folder, all, "verify", id);

        assertThat(restore.exit()).as(restore.out() + restore.err()).isEqualTo(1);
        assertThat(restore.err()).contains("leave out what a whole restore needs: set-sequences");
        assertThat(isMarked()).isTrue();
        assertThat(verify.exit()).as(verify.out() + verify.err()).isEqualTo(1);
        assertThat(verify.err()).contains("leave out what a verification needs: set-sequences");
        assertThat(verify.out()).doesNotContain("proven");
        assertThat(isVerified()).isFalse();
    }

    private static String withoutLine(String text, String part) {
        StringBuilder kept = new StringBuilder();
        text.lines().filter(line -> !line.contains(part)).forEach(line -> kept.append(line)
                .append('\n'));
        return kept.toString();
    }

    private static EditedRoutes.Cut without(String route, String step) {
        return EditedRoutes.cuts(Set.of(route)).stream()
                .filter(cut -> cut.step().startsWith(step))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode restore(EditedRoutes.Cut cut) {
        return restore(cut, "");
    }

    /** The row of the restore; null where no service starts with that. */
    private JsonNode restore(EditedRoutes.Cut cut, String more) {
        return with(cut, () -> service.restored(body(more)));
    }

    private JsonNode verify(EditedRoutes.Cut cut) {
        return with(cut, () -> {
            var answer =
                    service.send("POST", "/api/backups/" + backup.path("id").asText() + "/verify", null);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            return service.awaitRestore(
                    BactrianService.json(answer.body()).path("id").asText());
        });
    }

    private static JsonNode with(EditedRoutes.Cut cut, java.util.function.Supplier<JsonNode> run) {
        if (cut == null) {
            return run.get();
        }
        try {
            return cut.use(service.app().context()) ? run.get() : null;
        } finally {
            cut.restore(service.app().context());
            // What ends a run may be what was left out.
            service.app().restores().active().forEach(left -> service.app()
                    .restores()
                    .end(left));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.app().restores().active().isEmpty());
        }
    }

    private String body(String more) {
        return "{\"backup\": \"%s\", \"database\": \"second\", \"confirm\": \"%s\"%s}"
                .formatted(backup.path("id").asText(), target.name(), more);
    }

    private static Map<String, Object> content(TestDatabase database) {
        Map<String, Object> content = new TreeMap<>();
        content.put("rows", database.rowCounts());
        content.put("digests", database.contentDigests());
        Map.of(
                        "sequences",
                        "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
                        "large objects",
                        "SELECT oid, encode(lo_get(oid), 'escape') FROM pg_largeobject_metadata ORDER BY 1",
                        "constraints",
                        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 ORDER BY 1",
                        "triggers",
                        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
                        "policies",
                        "SELECT policyname, qual FROM pg_policies ORDER BY 1",
                        "indexes",
                        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
                        "views",
                        "SELECT * FROM per_day")
                .forEach((what, query) -> content.put(what, database.jdbc().queryForList(query)));
        return content;
    }

    private boolean isMarked() {
        return target.jdbc().queryForObject("SELECT to_regnamespace('bactrian_restore') IS NOT NULL", Boolean.class);
    }

    private static boolean isVerified() {
        return control.jdbc()
                .queryForObject("SELECT bool_or(verified_at IS NOT NULL) FROM backup_history", Boolean.class);
    }
}
