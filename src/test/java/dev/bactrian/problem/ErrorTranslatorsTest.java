package dev.bactrian.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.FailureText;
import dev.bactrian.backup.FailureTrail;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.testing.SampleRun;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** error_text is all that a person sees of a failure: what happened, what that means, what to do. */
class ErrorTranslatorsTest {

    private static final Problem KNOWN = new Problem("Known.", "Do this.");

    private final ErrorTranslators translators = new ErrorTranslators(List.of(
            failure -> failure instanceof FileNotFoundException ? Optional.of(KNOWN) : Optional.empty(),
            WorkFolder::explain));

    @Test
    void aKnownCauseIsFoundHoweverDeepItLies() {
        Throwable failure = new RuntimeException(
                "exec failed", new ExecutionException("x", new IOException("y", new FileNotFoundException("z"))));

        assertThat(translators.explain(failure, "pg-dump")).isEqualTo(KNOWN);
    }

    @Test
    void theOutermostKnownCauseWins() {
        ProblemException outer =
                ProblemException.stopped("Outer.", "Do that.", new FileNotFoundException("what translators know"));

        assertThat(translators.explain(new RuntimeException(outer), null).cause())
                .isEqualTo("Outer.");
    }

    /** Of a route from which a step was taken out. */
    @Test
    void whatNoStepHasSetIsNamedInWords() {
        Map<String, List<String>> found = new HashMap<>();
        List<String> rows = found.get("rows");

        Problem problem = translators.explain(catchThrowable(() -> rows.size()), "read-sequences");

        assertThat(problem.cause())
                .isEqualTo("The step read-sequences needs \"rows\", which no step before it has set.");
        assertThat(problem.remedy()).startsWith("Compare routes/ and sql/ with").contains("report it");
        assertThat(translators.explain(new NullPointerException(), "x").cause())
                .isEqualTo("The step x needs a value, which no step before it has set.");
    }

    @Test
    void anUnknownFailureNamesTheStepAndTheInnermostCause() {
        Throwable failure = new RuntimeException("wrapper", new IllegalStateException("the very cause "));

        Problem problem = translators.explain(failure, "cut-into-tables");

        assertThat(problem.cause()).isEqualTo("The step cut-into-tables failed: the very cause.");
        assertThat(problem.consequence()).isNull();
        assertThat(problem.remedy()).contains("./bactrian check");
        assertThat(problem.text()).isEqualTo(problem.cause() + " " + problem.remedy());
    }

    @Test
    void anUnknownFailureWithoutStepOrMessageSaysWhatThereIs() {
        assertThat(translators.explain(new IllegalStateException(), null).cause())
                .isEqualTo("The step after the last logged one failed: IllegalStateException.");
        assertThat(translators.explain(new IllegalStateException(" "), "x").cause())
                .contains("IllegalStateException");
    }

    /** The message of such an exception is a path alone. */
    @Test
    void aFileThatCannotBeUsedIsCalledAFile() {
        assertThat(translators
                        .explain(new AccessDeniedException("/work/x"), "s")
                        .cause())
                .isEqualTo("The step s failed: file /work/x.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"No space left on device", "/work/waiting-1: No space left on device", "Disk quota exceeded"})
    void aFullDiskIsCalledThat(String message) {
        Problem problem = translators.explain(new UncheckedIOException(new IOException(message)), "add-schema-dump");

        assertThat(problem.cause()).isEqualTo("The disk of the work folder is full.");
        assertThat(problem.remedy()).contains("WORK_DIR", "BACKUP_SPOOL");
    }

    @Test
    void causesThatGoInACircleEnd() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(translators.explain(first, "s").cause()).startsWith("The step s failed: ");
    }

    @Test
    void theRouteIsToldWhyTheBackupWasStoppedAndNotWhatBrokeBecauseOfIt() {
        FailureText failures = new FailureText(translators, new FailureTrail());

        assertThat(failures.reason(new FileNotFoundException("x"), null, "dumping"))
                .isEqualTo("While dumping: Known. " + FailureText.NOTHING_STORED + " Do this.");
        assertThat(failures.reason(new FileNotFoundException("x"), null, null))
                .isEqualTo("Known. " + FailureText.NOTHING_STORED + " Do this.");
    }

    @Test
    void aBackupWhoseProcessDiedSaysWhereItStood() {
        assertThat(new FailureText(translators, new FailureTrail())
                        .abandoned(Map.of(
                                "id", UUID.randomUUID(), "phase", "dumping", "node", "host/1/2", "known_gone", true)))
                .isEqualTo("The service stopped while dumping: the process that ran this backup (host/1/2) is gone. "
                        + "The backup was stopped and nothing was stored. Start the backup again.");
    }

    /** It may be frozen, or cut off. */
    @Test
    void aBackupOfASilentNodeSaysWhatIsKnownAndNoMore() {
        Map<String, Object> row = new HashMap<>(
                Map.of("id", UUID.randomUUID(), "phase", "dumping", "node", "host/1/2", "known_gone", false));

        assertThat(new FailureText(translators, new FailureTrail()).abandoned(row))
                .startsWith(
                        "While dumping: the node that ran this backup (host/1/2) has never reported: it was stopped, ")
                .doesNotContain("gone");
        row.put("heartbeat_at", Timestamp.from(Instant.parse("2026-11-20T18:42:08.123Z")));
        assertThat(new FailureText(translators, new FailureTrail()).abandoned(row))
                .isEqualTo("While dumping: the node that ran this backup (host/1/2) hasn't reported since "
                        + "2026-11-20T18:42:08Z (the control database's clock): it was stopped, is frozen, or can't reach the "
                        + "control database. The backup was abandoned, and nothing was stored that counts as a "
                        + "backup. Check that "
                        + "node, then start the backup again.");
    }

    /** The control database may be away just then: the reason must not get lost behind a guess. */
    @Test
    void aReasonThatCouldNotBeWrittenIsWrittenLater(@TempDir Path folder) {
        FailureText failures = new FailureText(translators, new FailureTrail());
        BackupRun run = SampleRun.in(folder);
        Map<String, Object> row = Map.of("id", run.getId(), "phase", "dumping", "node", "host/1/2");
        String reason = failures.reason(new FileNotFoundException("x"), run, "dumping");

        assertThat(failures.abandoned(row)).isEqualTo(reason);

        failures.written(run.getId().toString());
        assertThat(failures.abandoned(row)).startsWith("While dumping: the node");
    }

    /** Then it isn't true that nothing was stored. */
    @Test
    void whatCouldNotBeRemovedIsSaidInPlaceOfTheConsequence(@TempDir Path folder) {
        FailureText failures = new FailureText(translators, new FailureTrail());
        BackupRun run = SampleRun.in(folder);
        String reason = failures.reason(new FileNotFoundException("x"), run, "dumping");

        assertThat(failures.withLeftovers(reason, run.getId().toString(), "a/b.zip", new IOException("no route")))
                .startsWith("While dumping: Known. The backup was stopped and nothing was stored that counts as a "
                        + "backup. ")
                .contains("a/b.zip couldn't be removed yet", "no route")
                .endsWith(" Do this.");
    }

    @Test
    void theFirstCauseIsToldEvenWhenAnotherErrorArrives(@TempDir Path folder) {
        BackupRun run = SampleRun.in(folder);
        run.stop(new FileNotFoundException("the cause"));

        assertThat(new FailureText(translators, new FailureTrail())
                        .reason(new IOException("broken pipe"), run, "dumping"))
                .isEqualTo("While dumping: Known. " + FailureText.NOTHING_STORED + " Do this.");
    }
}
