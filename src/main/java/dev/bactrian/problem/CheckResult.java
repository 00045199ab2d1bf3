package dev.bactrian.problem;

import dev.bactrian.support.Printable;
import org.jspecify.annotations.Nullable;

/**
 * One precondition of good backups, looked at.
 *
 * @param subject what was looked at, such as {@code database default}
 * @param name which property of it; the subject once more where it has but one
 * @param text what was found
 * @param remedy what to do; null when it is good, or the text says so
 */
public record CheckResult(String subject, String name, boolean good, String text, @Nullable String remedy) {

    /** They quote names and servers: each is one line of {@link Printable} text. */
    public CheckResult {
        subject = Printable.line(subject);
        name = Printable.line(name);
        text = Printable.line(text);
        remedy = remedy == null ? null : Printable.line(remedy);
    }

    public static CheckResult good(String subject, String name, String text) {
        return new CheckResult(subject, name, true, text, null);
    }

    public static CheckResult bad(String subject, String name, Problem problem) {
        return new CheckResult(subject, name, false, problem.cause(), problem.remedy());
    }

    /** As one line. */
    public String line() {
        return (subject.equals(name) ? name : subject + ": " + name) + ": " + text
                + (remedy == null ? "" : " " + remedy);
    }
}
