package dev.bactrian.problem;

import dev.bactrian.support.Printable;

/**
 * Something that went wrong, told so that a person can act on it.
 *
 * @param cause what happened, in one sentence
 * @param consequence what that means for the backup or the request
 * @param remedy what to do next
 */
public record Problem(String cause, String consequence, String remedy) {

    /** They quote names and servers, and end in logs, on terminals and in messages: each is one line of {@link Printable} text. */
    public Problem {
        cause = Printable.line(cause);
        consequence = Printable.line(consequence);
        remedy = Printable.line(remedy);
    }

    /** Nothing of a stopped backup is kept: the usual consequence. */
    public static final String NOTHING_STORED = "The backup was stopped and nothing was stored.";

    /** The three parts as one text, as {@code backup_history.error_text} holds it. */
    public String text() {
        return cause + " " + consequence + " " + remedy;
    }
}
