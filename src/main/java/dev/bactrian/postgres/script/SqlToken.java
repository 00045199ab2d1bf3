package dev.bactrian.postgres.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A lexical element of SQL (PostgreSQL manual, "Lexical Structure") as the client programs print it with
 * {@code standard_conforming_strings = on}. Every character above 127 belongs to a name, so bytes of names, one character
 * each, are as good as text.
 *
 * @param start index of the first character in the SQL
 * @param text as it stands there, quotes included
 */
public record SqlToken(Kind kind, int start, String text) {

    private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\r\\f\\x0B]++");
    private static final Pattern WORD =
            Pattern.compile("[A-Za-z_\\x{80}-\\x{10FFFF}][A-Za-z0-9_$\\x{80}-\\x{10FFFF}]*+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]++(?:\\.[0-9]++)?+");
    private static final Pattern DOLLAR_QUOTE =
            Pattern.compile("\\$(?:[A-Za-z_\\x{80}-\\x{10FFFF}][A-Za-z0-9_\\x{80}-\\x{10FFFF}]*+)?+\\$");
    private static final Pattern STRING_PREFIX = Pattern.compile("(?:[EeBbXxNn]|[Uu]&)(?=')");

    /** What an element is. */
    public enum Kind {
        /** A keyword or a name without quotes. */
        WORD,
        /** A name in double quotes. */
        QUOTED,
        /** A string in single quotes, with its prefix if it has one. */
        STRING,
        /** A dollar-quoted string. */
        BODY,
        NUMBER,
        /** {@code ::}, or any other single character. */
        SYMBOL,
        /** The rest of the SQL from a quote or comment on that nothing closes. */
        BROKEN
    }

    /** All elements but blanks and comments. */
    public static List<SqlToken> all(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        for (SqlToken token = next(sql, 0); token != null; token = next(sql, token.end())) {
            tokens.add(token);
        }
        return tokens;
    }

    /** The first element from an index on that is neither blank nor a comment; null when there is none. */
    static @Nullable SqlToken next(String sql, int from) {
        int at = from;
        while (at < sql.length()) {
            int next = afterBlank(sql, at);
            if (next == at) {
                return read(sql, at);
            }
            if (next < 0) {
                return new SqlToken(Kind.BROKEN, at, sql.substring(at));
            }
            at = next;
        }
        return null;
    }

    public int end() {
        return start + text.length();
    }

    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }

    /** Whether it is this keyword, or this symbol. */
    public boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD && text.equalsIgnoreCase(wordOrSymbol))
                || (kind == Kind.SYMBOL && text.equals(wordOrSymbol));
    }

    /** Whether it is one of these keywords. */
    public boolean isAny(List<String> words) {
        return kind == Kind.WORD && words.contains(text.toUpperCase(Locale.ROOT));
    }

    /** Whether it is a string whose value is what stands between its quotes, doubled ones aside. */
    public boolean isPlainString() {
        return kind == Kind.STRING && text.startsWith("'");
    }

    /** Whether it is a plain string, or one with backslashes escaped. */
    public boolean isText() {
        return isPlainString() || (kind == Kind.STRING && "Ee".indexOf(text.charAt(0)) >= 0);
    }

    /** The name or the plain string that it stands for. */
    public String value() {
        return switch (kind) {
            case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
            case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
            default -> folded(text);
        };
    }

    /** As the server folds names: letters beyond ASCII stay, and so do bytes of them. */
    private static String folded(String word) {
        StringBuilder folded = new StringBuilder(word);
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }

    /** Where a blank or comment ends that begins here: here when there is none, -1 when it doesn't end. */
    private static int afterBlank(String sql, int at) {
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            return end < 0 ? sql.length() : end;
        }
        if (sql.startsWith("/*", at)) {
            return afterComment(sql, at);
        }
        Matcher space = SPACE.matcher(sql).region(at, sql.length());
        return space.lookingAt() ? space.end() : at;
    }

    /** Comments nest. */
    private static int afterComment(String sql, int start) {
        int depth = 0;
        int at = start;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return -1;
    }

    private static SqlToken read(String sql, int at) {
        Matcher prefix = STRING_PREFIX.matcher(sql).region(at, sql.length());
        // A region hides what is outside of it from lookahead, unless told otherwise.
        if (prefix.useTransparentBounds(true).lookingAt()) {
            return upTo(Kind.STRING, sql, at, afterQuoted(sql, prefix.end(), "Ee".indexOf(sql.charAt(at)) >= 0));
        }
        char c = sql.charAt(at);
        if (c == '\'') {
            return upTo(Kind.STRING, sql, at, afterQuoted(sql, at, false));
        }
        if (c == '"') {
            return upTo(Kind.QUOTED, sql, at, afterQuoted(sql, at, false));
        }
        Matcher dollar = DOLLAR_QUOTE.matcher(sql).region(at, sql.length());
        if (dollar.lookingAt()) {
            int end = sql.indexOf(dollar.group(), dollar.end());
            return upTo(Kind.BODY, sql, at, end < 0 ? -1 : end + dollar.group().length());
        }
        Matcher word = WORD.matcher(sql).region(at, sql.length());
        if (word.lookingAt()) {
            return upTo(Kind.WORD, sql, at, word.end());
        }
        Matcher number = NUMBER.matcher(sql).region(at, sql.length());
        if (number.lookingAt()) {
            return upTo(Kind.NUMBER, sql, at, number.end());
        }
        return upTo(Kind.SYMBOL, sql, at, at + (sql.startsWith("::", at) ? 2 : 1));
    }

    private static SqlToken upTo(Kind kind, String sql, int start, int end) {
        return end < 0
                ? new SqlToken(Kind.BROKEN, start, sql.substring(start))
                : new SqlToken(kind, start, sql.substring(start, end));
    }

    /** Where a quoted text ends whose quote is here, or -1. */
    private static int afterQuoted(String sql, int quote, boolean backslashes) {
        char mark = sql.charAt(quote);
        for (int at = quote + 1; at < sql.length(); at++) {
            char c = sql.charAt(at);
            if (c == '\\' && backslashes) {
                at++;
            } else if (c == mark) {
                if (at + 1 == sql.length() || sql.charAt(at + 1) != mark) {
                    return at + 1;
                }
                at++;
            }
        }
        return -1;
    }
}
