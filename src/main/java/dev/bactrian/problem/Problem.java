package dev.bactrian.problem;

import dev.bactrian.support.Printable;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong, told so that a person can act on it.
 *
 * @param cause what happened, in one sentence
 * @param consequence what that means; null where that depends on what was being done, which then says it by {@link #meaning}
 * @param remedy what to do next
 */
public record Problem(String cause, @Nullable String consequence, String remedy) {

    /** They quote names and servers, and end in logs, on terminals and in messages: each is one line of {@link Printable} text. */
    public Problem {
        cause = Printable.line(cause);
        consequence = consequence == null ? null : Printable.line(consequence);
        remedy = Printable.line(remedy);
    }

    /** What goes wrong in a backup as in a restore, a check or a request. */
    public Problem(String cause, String remedy) {
        this(cause, null, remedy);
    }

    /** The same, and what it means for what was being done. */
    public Problem meaning(String consequence) {
        return new Problem(cause, consequence, remedy);
    }

    /** All of it as one text, as {@code backup_history.error_text} holds it. */
    public String text() {
        return Stream.of(cause, consequence, remedy).filter(Objects::nonNull).collect(Collectors.joining(" "));
    }
}
