package dev.bactrian.selection;

import dev.bactrian.support.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names as pg_dump and psql take it (PostgreSQL manual, psql, "Patterns"), as the regular expressions that
 * they make of it (patternToSQLRegex in PostgreSQL's string_utils.c). The server compares: Java's regular expressions
 * aren't PostgreSQL's.
 *
 * @param text as it was written
 * @param schema regular expression for the schema; null for schema patterns, and where only what the search path finds
 *     is meant
 * @param name regular expression for the name
 */
public record NamePattern(String text, @Nullable String schema, String name) {

    /** Long enough for two names of 63 characters, each one doubled. */
    public static final int LONGEST = 256;

    private static final String SPECIAL = "|*+?()[]{}.^$\\";

    /**
     * A pattern for schemas.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static NamePattern ofSchemas(String text) {
        List<String> parts = parts(text);
        if (parts.size() > 1) {
            throw refused(text, "has a dot, which schema names have only inside double quotes");
        }
        return new NamePattern(text, null, parts.get(0));
    }

    /**
     * A pattern for tables and what is like them: {@code table} or {@code schema.table}.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static NamePattern ofTables(String text) {
        List<String> parts = parts(text);
        if (parts.size() > 2) {
            throw refused(text, "has more than one dot outside double quotes; write schema.table");
        }
        return parts.size() == 1
                ? new NamePattern(text, null, parts.get(0))
                : new NamePattern(text, parts.get(0), parts.get(1));
    }

    /** Patterns separated by commas; a comma inside double quotes, brackets, braces or parentheses is part of one. */
    public static List<String> split(String list) {
        List<String> patterns = new ArrayList<>();
        StringBuilder pattern = new StringBuilder();
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == ',' && !quoted && depth <= 0) {
                patterns.add(pattern.toString().strip());
                pattern.setLength(0);
                continue;
            }
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            }
            pattern.append(c);
        }
        patterns.add(pattern.toString().strip());
        patterns.removeIf(String::isEmpty);
        return patterns;
    }

    private static List<String> parts(String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw refused(text, "must have 1 to " + LONGEST + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused(text, "has a control character");
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
            if (c == '"' && quoted && twice) {
                part.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                boolean array = c == '[' && text.startsWith("[]", i);
                part.append(quoted ? literal(c) : free(c, array));
            }
        }
        if (quoted) {
            throw refused(text, "has a double quote that isn't closed");
        }
        parts.add(part.toString());
        if (parts.stream().anyMatch(String::isEmpty)) {
            throw refused(text, "has nothing before or after its dot");
        }
        return parts.stream().map(one -> "^(" + one + ")$").toList();
    }

    private static String literal(char c) {
        return SPECIAL.indexOf(c) >= 0 ? "\\" + c : String.valueOf(c);
    }

    /** Outside quotes all but these has the meaning that regular expressions give it. */
    private static String free(char c, boolean array) {
        return switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            case '$' -> "\\$";
            case '[' -> array ? "\\[" : "[";
            // As pg_dump does, and PostgreSQL with ASCII in names.
            default -> String.valueOf(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        };
    }

    private static IllegalArgumentException refused(String text, String why) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return new IllegalArgumentException("The pattern " + Printable.line(shown) + " " + why + ".");
    }
}
