package dev.bactrian.postgres.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which flags a route's step may give a program: none that could leave out rows, or change their text, without an error. */
class ProgramFlagsTest {

    private static final String ROWS = "--data-only --quote-all-identifiers --strict-names";
    private static final String DEFINITIONS = "--schema-only --format=custom";

    @Test
    void theStepsOwnFlagsAreGivenInTheirOrder() {
        assertThat(ProgramFlags.ROWS.words(
                        "  --data-only --lock-wait-timeout=5min\n--quote-all-identifiers  --strict-names "))
                .containsExactly(
                        "--data-only", "--lock-wait-timeout=5min", "--quote-all-identifiers", "--strict-names");
        assertThat(ProgramFlags.FORMAT_SCRIPT.words(null)).isEmpty();
        assertThat(ProgramFlags.FORMAT_SCRIPT.words(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--no-comments", "--no-publications", "--no-subscriptions", "--no-security-labels",
                "--no-table-access-method", "--no-tablespaces", "--no-toast-compression", "--no-sync",
                "--lock-wait-timeout=500ms"
            })
    void definitionsMayBeDumpedWithout(String flag) {
        assertThat(ProgramFlags.DEFINITIONS.refused(DEFINITIONS + " " + flag)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--clean --if-exists",
                "--create",
                "--inserts",
                "--column-inserts",
                "--rows-per-insert=100",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--quote-all-identifiers"
            })
    void aScriptForPeopleMayLookAsTheyLike(String flags) {
        assertThat(ProgramFlags.FORMAT_SCRIPT.refused(flags)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--enable-row-security",
                "--exclude-table-data=x",
                "--exclude-table-data-and-children=x",
                "--exclude-table=x",
                "--exclude-table-and-children=x",
                "--exclude-schema=x",
                "--exclude-extension=x",
                "--filter=x",
                "--section=pre-data",
                "--schema-only",
                "--no-data",
                "--no-schema",
                "--statistics-only",
                "--no-unlogged-table-data",
                "--no-blobs",
                "--no-large-objects",
                "--table=x",
                "--table-and-children=x",
                "--schema=x",
                "--extension=x",
                "--inserts",
                "--column-inserts",
                "--attribute-inserts",
                "--rows-per-insert=9",
                "--on-conflict-do-nothing",
                "--extra-float-digits=1",
                "--snapshot=x",
                "--dbname=x",
                "--host=x",
                "--port=1",
                "--username=x",
                "--role=x",
                "--file=x",
                "--format=custom",
                "--encoding=LATIN1",
                "--load-via-partition-root",
                "--disable-triggers",
                "--serializable-deferrable",
                "--jobs=2",
                "--binary-upgrade",
                "--compress=9",
                "--no-policies"
            })
    void rowsAreNeverDumpedWith(String flag) {
        assertThat(ProgramFlags.ROWS.refused(ROWS + " " + flag))
                .singleElement()
                .asString()
                .startsWith(flag + " ")
                .doesNotContain("isn't known")
                .contains("Remove it");
        assertThatThrownBy(() -> ProgramFlags.ROWS.words(ROWS + " " + flag))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(flag);
    }

    /** getopt_long takes the beginning of a name for the name. */
    @ParameterizedTest
    @EnumSource(ProgramFlags.class)
    void noBeginningOfARefusedFlagPasses(ProgramFlags flags) {
        for (String name : RefusedFlags.all().keySet()) {
            for (int length = 1; length < name.length(); length++) {
                String beginning = name.substring(0, length);
                assertThat(passes(flags, beginning) || passes(flags, beginning + "=x"))
                        .as(beginning)
                        .isFalse();
            }
        }
    }

    private static boolean passes(ProgramFlags flags, String word) {
        return flags.refused(word).stream().noneMatch(reason -> reason.startsWith(word + " "));
    }

    @Test
    void anAbbreviationIsRefused() {
        assertThat(ProgramFlags.ROWS.refused(ROWS + " --exclude-table-d=x"))
                .containsExactly("--exclude-table-d=x isn't known to keep the saved rows complete. Remove it.");
        assertThat(ProgramFlags.DEFINITIONS.refused(DEFINITIONS + " --no-com")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-T",
                "-Tx",
                "x",
                "-",
                "--",
                "'--no-sync'",
                "--lock-wait-timeout",
                "--lock-wait-timeout=",
                "--lock-wait-timeout='5s'",
                "--lock-wait-timeout=$(id)",
                "--no-sync=yes",
                "--NO-SYNC"
            })
    void onlyWholeWordsAreTaken(String word) {
        assertThat(ProgramFlags.ROWS.refused(ROWS + " " + word))
                .singleElement()
                .asString()
                .startsWith(word + " ");
    }

    @Test
    void psqlStopsAtAnErrorAndWaitsForALockAsLongAsTheStepSays() {
        String needed = "--no-psqlrc --quiet --set=ON_ERROR_STOP=on ";

        assertThat(ProgramFlags.COPIED_ROWS.refused(needed + "--set=lock_timeout=5min"))
                .isEmpty();
        assertThat(ProgramFlags.COPIED_ROWS.refused(needed + "--set=lock_timeout="))
                .anyMatch(reason -> reason.startsWith("--set=lock_timeout= is missing"));
        assertThat(ProgramFlags.COPIED_ROWS.refused(
                        "--no-psqlrc --quiet --set=ON_ERROR_STOP=off --set=lock_timeout=1s --command=x"))
                .anyMatch(reason -> reason.startsWith("--set=ON_ERROR_STOP=on is missing"))
                .anyMatch(reason -> reason.startsWith("--set=ON_ERROR_STOP=off "))
                .anyMatch(reason -> reason.startsWith("--command=x "));
    }

    @Test
    void whatTheNextStepReliesOnIsRequired() {
        assertThat(ProgramFlags.ROWS.refused("--data-only --strict-names"))
                .containsExactly(
                        "--quote-all-identifiers is missing: the next step finds each table by its quoted name."
                                + " Add it.");
        assertThat(ProgramFlags.DEFINITIONS.refused("--schema-only --format=plain"))
                .anyMatch(reason -> reason.startsWith("--format=plain "))
                .anyMatch(reason -> reason.startsWith("--format=custom is missing"));
        for (ProgramFlags flags : ProgramFlags.values()) {
            assertThat(flags.refused(null)).noneMatch(reason -> reason.contains("null"));
        }
        assertThat(ProgramFlags.CUT_SCRIPT.refused(null)).hasSize(1);
    }
}
