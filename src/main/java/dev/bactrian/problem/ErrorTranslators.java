package dev.bactrian.problem;

import dev.bactrian.support.Causes;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the words for a failure: what {@code error_text} says. */
public final class ErrorTranslators {

    /** How Java names it. */
    private static final Pattern UNSET = Pattern.compile("because \"(?:this\\.)?(\\w+)\" is null");

    private final List<ErrorTranslator> translators;

    public ErrorTranslators(List<ErrorTranslator> translators) {
        this.translators = List.copyOf(translators);
    }

    /**
     * Explains an exception by the outermost of its causes that a translator knows.
     *
     * @param step id of the route's step that failed, null when unknown
     */
    public Problem explain(Throwable failure, @Nullable String step) {
        return known(failure).orElseGet(() -> unknown(failure, step));
    }

    /** Explains an exception if a translator knows it or one of its causes. */
    public Optional<Problem> known(Throwable failure) {
        return Causes.of(failure)
                .map(this::explainOne)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether what explains an exception is about the store. */
    public boolean isOfStore(Throwable failure) {
        return Causes.of(failure)
                .filter(one -> explainOne(one).isPresent())
                .findFirst()
                .flatMap(one -> translators.stream()
                        .filter(translator -> translator.explain(one).isPresent())
                        .findFirst())
                .map(ErrorTranslator::isOfStore)
                .orElse(false);
    }

    private static Problem unknown(Throwable failure, @Nullable String step) {
        String failed = "The step " + (step == null ? "after the last logged one" : step);
        Throwable cause = Causes.innermost(failure);
        if (cause instanceof NullPointerException) {
            return unset(failed, String.valueOf(cause.getMessage()));
        }
        return new Problem(
                failed + " failed: " + innermost(failure) + ".",
                "See the log from that time for details; run ./bactrian check, then try again.");
    }

    /** Cause and remedy, or what the innermost exception says: for failures that cost nothing else. */
    public String why(Throwable failure) {
        return known(failure)
                .map(problem -> problem.cause() + " " + problem.remedy())
                .orElseGet(() -> innermost(failure));
    }

    /** What a step needs and didn't get: as a rule, the step that sets it was taken out of the routes. */
    private static Problem unset(String failed, String message) {
        Matcher name = UNSET.matcher(message);
        return new Problem(
                failed + " needs " + (name.find() ? '"' + name.group(1) + '"' : "a value")
                        + ", which no step before it has set.",
                LeftOutStep.REMEDY
                        + " If they are unchanged, this is an error in Bactrian: report it with the log from that time.");
    }

    private Optional<Problem> explainOne(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return Optional.of(known.problem());
        }
        for (ErrorTranslator translator : translators) {
            Optional<Problem> problem = translator.explain(failure);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /** What the innermost cause says, or its type when it says nothing. */
    public static String innermost(Throwable failure) {
        Throwable at = Causes.innermost(failure);
        String message = at.getMessage();
        String kind = at instanceof FileSystemException ? "file " : "";
        return kind + (message == null || message.isBlank() ? at.getClass().getSimpleName() : message.strip());
    }
}
