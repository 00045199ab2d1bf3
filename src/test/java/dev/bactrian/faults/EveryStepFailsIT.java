package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.backup.FailureTrail;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever step of a backup fails, the backup fails, once and as a whole. In every run every third step fails, all of them with
 * {@code -Dbactrian.everyStep=true}.
 */
class EveryStepFailsIT {

    private static final int ONE_OF = Boolean.getBoolean("bactrian.everyStep") ? 1 : 3;

    /** What the history has of it, whatever else is looked for: its settings have a pattern that matches nothing. */
    private static final String OF_THE_MANIFEST =
            "{\"text\": \"BACKUP_EXCLUDE_SCHEMAS has the pattern not_there, which matches nothing in this database.\"}";

    /** What writes how a backup ended, or comes after that: another test's matter. */
    private static final Set<String> AFTER_THE_END =
            Set.of("record-success", "mark-success", "mark-failed", "store-latest", "name-in-latest");

    private static final Set<String> EXCEPT = Set.of(
            "forget-run",
            // Nothing to do where that was done.
            "forget-ended-run",
            // Counts in memory, before the backup begins: a row that it left claimed, the watchdog would settle.
            "report-claimed",
            // Verbs of the store that no backup needs before its end; the routes that call them are among the others.
            "archives-put-if-absent",
            "archives-list",
            "archives-delete",
            "archives-link",
            "archives-copy",
            "archives-abort",
            // Tells that storing has ended: a failure would only make whoever stops the backup wait for a minute.
            "end-storing");

    /** What is only there for tables that are renamed, or changed and changed back, while a backup runs. */
    private static final Set<String> OF_CHANGES = Set.of(
            "find-renamed-table",
            "name-renamed-table",
            "take-doubtful",
            "each-doubtful-group",
            "pg-dump-again",
            "compare-with-archive",
            "confirm-rows-again",
            "explain-failed-definitions");

    /** Tells of rows that somebody deleted, and costs no backup whatever happens. */
    private static final String LOOK = "look-for-losses";

    private static TestDatabase source;
    /** Which of two tables has rows. */
    private static String full = "";

    private static Scene scene;

    @BeforeAll
    static void start() {
        // One of everything that has a step of its own: a large object, a table of an extension, one that is read in
        // parts.
        source = Sources.small()
                .run(
                        "SELECT lo_from_bytea(0, 'large')",
                        "CREATE TABLE one (id int)",
                        "CREATE TABLE other (id int)",
                        "CREATE TABLE large AS SELECT n, md5(n::text) FROM generate_series(1, 5000) n",
                        "CREATE TABLE of_extension AS SELECT 1 AS id",
                        "ALTER EXTENSION plpgsql ADD TABLE of_extension");
        // Some rule, so that rules are applied.
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                source.url(),
                "BACKUP_EXCLUDE_SCHEMAS",
                "not_there",
                "BACKUP_FORMATS",
                "tables,dump,sql",
                "BACKUP_READ_BACK",
                "true",
                "BACKUP_SPLIT_ABOVE",
                "200KB",
                // A quick machine asks for more backups in a minute than anybody else may.
                "BACKUP_RATE_LIMIT",
                "1000",
                "BACKUP_ENCRYPT_TO",
                PgpKeys.publicKey("alice").toString()));
    }

    @AfterEach
    void renameBack() {
        source.run("ALTER TABLE IF EXISTS renamed RENAME TO other");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static List<Steps.Step> fallibleSteps() {
        return scene.steps().all().stream()
                .filter(step -> isFallible(step.node()))
                .filter(step -> !AFTER_THE_END.contains(step.route()) && !EXCEPT.contains(step.id()))
                .filter(step -> !LOOK.equals(step.route()))
                .filter(step -> !OF_CHANGES.contains(step.id()) && !"read-again".equals(step.route()))
                .toList();
    }

    static Set<String> stepsOfChanges() {
        return OF_CHANGES;
    }

    static List<Steps.Step> stepsThatLook() {
        return scene.steps().all().stream()
                .filter(step -> LOOK.equals(step.route()) && isFallible(step.node()))
                .toList();
    }

    /** Whatever calls a bean, a program, SQL or the store, or hands out work; joints between routes can't fail. */
    private static boolean isFallible(NamedNode node) {
        if (node instanceof ToDefinition to) {
            return !to.getEndpointUri().startsWith("direct:")
                    || to.getEndpointUri().equals("direct:archives");
        }
        boolean sets = node instanceof SetPropertyDefinition
                || node instanceof SetHeaderDefinition
                || node instanceof SetBodyDefinition;
        return node instanceof ToDynamicDefinition
                || node instanceof MulticastDefinition
                || node instanceof SplitDefinition
                || sets && ((ExpressionNode) node).getExpression() instanceof MethodCallExpression;
    }

    static List<Steps.Step> someFallibleSteps() {
        List<Steps.Step> all = fallibleSteps();
        return IntStream.range(0, all.size())
                .filter(index -> index % ONE_OF == 0)
                .mapToObj(all::get)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("someFallibleSteps")
    void theBackupFailsOnceAndLeavesNothing(Steps.Step step) {
        scene.steps().reset();
        scene.steps().fail(step.id());

        scene.assertFails(
                "default", source, "The step " + FailureTrail.nameOf(step.node()) + " failed", Steps.SCRIPTED);

        assertThat(scene.steps().begun("write-failure"))
                .as("writes of the failure")
                .isEqualTo(1);
        assertThat(scene.steps().begun("write-success"))
                .as("writes of a success")
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("stepsOfChanges")
    void theBackupFailsOnceWhereTablesAreChanged(String step) {
        scene.steps().reset();
        if ("explain-failed-definitions".equals(step)) {
            scene.steps().fail("pg-dump-schema");
        } else {
            changeTables();
        }
        scene.steps().fail(step);

        scene.assertFails("default", source, "The step ", Steps.SCRIPTED);

        assertThat(scene.steps().begun(step)).isPositive();
        assertThat(scene.steps().begun("write-failure")).isEqualTo(1);
    }

    @Test
    void tablesThatAreChangedMeanwhileAreSaved() {
        scene.steps().reset();
        changeTables();

        scene.assertSucceeds("default", source);

        assertThat(OF_CHANGES.stream().filter(step -> scene.steps().begun(step) == 0))
                .containsExactly("explain-failed-definitions");
    }

    /** Renames one before its turn comes and until the formats' turn, and another there and back before its program has locked it. */
    private static void changeTables() {
        scene.steps().once("each-dump-group", () -> {
            // Definitions that are read meanwhile would fail.
            await("confirmed definitions").until(() -> scene.steps().begun("pg-restore-script") > 0);
            source.run("ALTER TABLE other RENAME TO renamed");
        });
        scene.steps().once("confirm-rows", () -> source.run("ALTER TABLE renamed RENAME TO other"));
        scene.steps()
                .once("pg-dump", () -> source.run("ALTER TABLE one RENAME TO uno", "ALTER TABLE uno RENAME TO one"));
    }

    @ParameterizedTest
    @MethodSource("stepsThatLook")
    void theBackupIsGoodWhenNobodyCanLookForLosses(Steps.Step step) {
        lose();
        // Graver than what a step throws as a rule.
        scene.steps().before(step.id(), () -> {
            throw new OutOfMemoryError(Steps.SCRIPTED);
        });

        String id = scene.assertSucceeds("default", source);

        assertThat(scene.steps().begun(step.id())).as(step.toString()).isEqualTo(1);
        assertThat(scene.aftermath().row(id).get("warnings")).hasToString("[" + OF_THE_MANIFEST + "]");
        assertThat(scene.steps().begun("write-failure")).isZero();
    }

    @Test
    void withNoStepFailingLossesAreTold() {
        String lost = lose();

        String id = scene.assertSucceeds("default", source);

        assertThat(scene.aftermath().row(id).get("warnings"))
                .hasToString("[{\"rows\": 0, \"table\": \"public." + lost + "\", \"rows_before\": 100}, "
                        + OF_THE_MANIFEST + "]");
        assertThat(stepsThatLook()).hasSize(6);
    }

    /** The next backup finds a table without the rows that the last good one had, and another with rows. Returns which. */
    private static String lose() {
        scene.steps().reset();
        if (full.isEmpty()) {
            fill("one", "other");
            scene.assertSucceeds("default", source);
            scene.steps().reset();
        }
        String lost = full;
        fill("one".equals(lost) ? "other" : "one", lost);
        return lost;
    }

    private static void fill(String table, String empty) {
        source.run("TRUNCATE " + empty, "INSERT INTO " + table + " SELECT generate_series(1, 100)");
        full = table;
    }

    @Test
    void withNoStepFailingTheBackupSucceeds() {
        scene.steps().reset();

        scene.assertSucceeds("default", source);

        assertThat(fallibleSteps()).hasSizeGreaterThan(40).allSatisfy(step -> assertThat(
                        scene.steps().begun(step.id()))
                .as(step.toString())
                .isPositive());
    }
}
