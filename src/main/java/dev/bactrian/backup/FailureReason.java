package dev.bactrian.backup;

import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the words for a failure: what {@code error_text} says. */
public final class FailureReason {

    private static final int DEEPEST = 20;
    /** How Java names it. */
    private static final Pattern UNSET = Pattern.compile("because \"(?:this\\.)?(\\w+)\" is null");

    private final List<Explainer> explainers;

    public FailureReason(List<Explainer> explainers) {
        this.explainers = List.copyOf(explainers);
    }

    /**
     * Explains an exception by the outermost of its causes that somebody knows.
     *
     * @param step id of the route's step that failed, null when unknown
     */
    public Problem explain(Throwable failure, @Nullable String step) {
        return known(failure).orElseGet(() -> unknown(failure, step));
    }

    /** Explains an exception when somebody knows it or one of its causes. */
    public Optional<Problem> known(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            Optional<Problem> known = explainOne(at);
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    /** Whether what explains an exception is about the store. */
    public boolean isOfStore(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            Throwable one = at;
            Optional<Explainer> known = explainers.stream()
                    .filter(explainer -> explainer.explain(one).isPresent())
                    .findFirst();
            if (known.isPresent() || one instanceof BackupException) {
                return known.map(Explainer::isOfStore).orElse(false);
            }
        }
        return false;
    }

    private static Problem unknown(Throwable failure, @Nullable String step) {
        String failed = "The step " + (step == null ? "after the last logged one" : step);
        Throwable cause = innermostOf(failure);
        if (cause instanceof NullPointerException) {
            return unset(failed, String.valueOf(cause.getMessage()));
        }
        return new Problem(
                failed + " failed: " + innermost(failure) + ".",
                Problem.NOTHING_STORED,
                "See the log of this time for details; run ./bactrian check, then start the backup again.");
    }

    /** What a step needs and didn't get: as a rule, the step that sets it was taken out of the routes. */
    private static Problem unset(String failed, String message) {
        Matcher name = UNSET.matcher(message);
        return new Problem(
                failed + " needs " + (name.find() ? '"' + name.group(1) + '"' : "a value")
                        + ", which no step before it has set.",
                Problem.NOTHING_STORED,
                LeftOutStep.REMEDY
                        + " Where they are as shipped, it is an error in Bactrian: report it with the log of this time.");
    }

    private Optional<Problem> explainOne(Throwable failure) {
        if (failure instanceof BackupException known) {
            return Optional.of(known.problem());
        }
        for (Explainer explainer : explainers) {
            Optional<Problem> problem = explainer.explain(failure);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return WorkFolder.explain(failure);
    }

    /** What the innermost cause says, or its type when it says nothing. */
    public static String innermost(Throwable failure) {
        Throwable at = innermostOf(failure);
        String message = at.getMessage();
        String kind = at instanceof FileSystemException ? "file " : "";
        return kind + (message == null || message.isBlank() ? at.getClass().getSimpleName() : message.strip());
    }

    private static Throwable innermostOf(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at.getCause() != null && depth < DEEPEST; depth++) {
            at = at.getCause();
        }
        return at;
    }
}
