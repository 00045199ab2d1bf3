package dev.bactrian.postgres.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a script, read line by line, is inside a quoted text (PostgreSQL manual, "Lexical Structure"): a string, a
 * quoted name, or a dollar-quoted function body. For what pg_dump prints: quotes in strings are doubled, and comments are
 * lines. Lines are those of {@link ScriptLines}.
 */
public final class OpenQuote {

    private static final Pattern DOLLAR_QUOTE =
            Pattern.compile("\\$(?:[A-Za-z_\\x80-\\xFF][A-Za-z0-9_\\x80-\\xFF]*)?\\$");

    private String end = "";

    /** Whether the next line begins inside a quoted text. */
    public boolean isOpen() {
        return !end.isEmpty();
    }

    public void read(String line) {
        int at = 0;
        while (at < line.length()) {
            if (isOpen()) {
                int found = line.indexOf(end, at);
                if (found < 0) {
                    return;
                }
                // The second of two doubled quotes opens the text again.
                at = found + end.length();
                end = "";
            } else if (line.startsWith("--", at)) {
                return;
            } else {
                at = open(line, at);
            }
        }
    }

    private int open(String line, int at) {
        char c = line.charAt(at);
        if (c == '\'' || c == '"') {
            end = String.valueOf(c);
        } else if (c == '$') {
            Matcher quote = DOLLAR_QUOTE.matcher(line).region(at, line.length());
            if (quote.lookingAt()) {
                end = quote.group();
                return quote.end();
            }
        }
        return at + 1;
    }
}
