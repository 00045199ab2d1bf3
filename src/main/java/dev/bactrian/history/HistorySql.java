package dev.bactrian.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements about the history. A name of one of its relations gets its schema where SQL expects a relation; as a column's
 * table, as an alias, in a text or in a comment it stays as it is.
 */
final class HistorySql {

    /** Comments, texts, names, words, and any other character (PostgreSQL manual, "Lexical Structure"). */
    private static final Pattern TOKEN = Pattern.compile(
            "(?<blank>\\s+|--[^\\n]*|/\\*.*?\\*/)"
                    + "|(?<text>[eE]'(?:[^'\\\\]|''|\\\\.)*'|'(?:[^']|'')*'|\\$(?<tag>(?:[A-Za-z_]\\w*)?)\\$.*?\\$\\k<tag>\\$)"
                    + "|(?<word>\"(?:[^\"]|\"\")*\"|[A-Za-z_][\\w$]*)"
                    + "|.",
            Pattern.DOTALL);

    private static final Pattern RELATION =
            Pattern.compile("\"?(?:" + String.join("|", HistorySchema.NAMES) + ")(?:_\\w+)?\"?");

    /** A relation follows them, or a function of the history's. */
    private static final Set<String> BEFORE = Set.of(
            "FROM", "JOIN", "INTO", "UPDATE", "USING", "TABLE", "REFERENCES", "ON", "FUNCTION", "VIEW", "SEQUENCE");

    /** Several may follow them, with commas between. */
    private static final Set<String> LISTS = Set.of("FROM", "USING", "TABLE");

    /** They may be between those and the relation. */
    private static final Set<String> BETWEEN = Set.of("IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "LATERAL");

    private static final Set<String> AFTER_LISTS = Set.of(
            "WHERE",
            "GROUP",
            "ORDER",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "WINDOW",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "RETURNING",
            "SELECT",
            "SET",
            "FOR",
            "IN",
            "ADD",
            "ALTER",
            "DROP");

    private final String sql;
    private final HistorySchema schema;

    /** Whether a list of relations is under way, for each pair of parentheses that is open. */
    private final Deque<Boolean> lists = new ArrayDeque<>(Set.of(false));

    private String verb = "";
    private String before = "";

    HistorySql(String sql, HistorySchema schema) {
        this.sql = sql;
        this.schema = schema;
    }

    String qualified() {
        StringBuilder qualified = new StringBuilder(sql.length());
        Matcher token = TOKEN.matcher(sql);
        while (token.find()) {
            String text = token.group();
            if (token.group("blank") == null) {
                if (token.group("word") != null
                        && RELATION.matcher(text).matches()
                        && isExpected()
                        && !isPointAt(token.end())) {
                    text = schema.of(text);
                }
                pass(token.group("word") == null ? text : token.group("word").toUpperCase(Locale.ROOT));
            }
            qualified.append(text);
        }
        return qualified.toString();
    }

    private boolean isExpected() {
        if (before.equals(",")) {
            return lists.getFirst();
        }
        // A new index has no schema of its own.
        return BEFORE.contains(before) || (before.equals("INDEX") && !verb.equals("CREATE"));
    }

    private boolean isPointAt(int index) {
        return index < sql.length() && sql.charAt(index) == '.';
    }

    private void pass(String token) {
        switch (token) {
            case ";" -> {
                verb = "";
                before = "";
                lists.clear();
                lists.push(false);
                return;
            }
            case "(" -> lists.push(false);
            case ")" -> {
                if (lists.size() > 1) {
                    lists.pop();
                }
            }
            default -> {
                if (LISTS.contains(token) || AFTER_LISTS.contains(token)) {
                    lists.pop();
                    lists.push(LISTS.contains(token));
                }
            }
        }
        if (verb.isEmpty()) {
            verb = token;
        }
        if (!BETWEEN.contains(token)) {
            before = token;
        }
    }
}
