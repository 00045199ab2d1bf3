package dev.bactrian.postgres.script;

import dev.bactrian.postgres.script.SqlToken.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one statement of an archive's script from left to right; what isn't as expected is an IOException. */
public final class StatementReader {

    /** psql's own commands around a script of pg_dumpall's. */
    private static final Pattern RESTRICT = Pattern.compile("\\\\(?:un)?restrict [A-Za-z0-9]+(?=\\r?\\n|\\z)");

    private static final int LONGEST_QUOTE = 80;
    /** Of a statement: a role's longest setting, a list of names, has two for each name. */
    private static final int MOST_TOKENS = 100_000;

    private final String file;
    private final List<SqlToken> tokens;
    private int at;

    private StatementReader(String file, List<SqlToken> tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    /** What is done with a statement. */
    public @FunctionalInterface interface Use {
        void of(StatementReader statement) throws IOException;
    }

    /**
     * Reads a script one statement after the other, since an element takes much more memory than its text. The last statement must
     * be whole, too.
     */
    public static void each(String file, String script, Use use) throws IOException {
        List<SqlToken> statement = new ArrayList<>();
        Matcher restrict = RESTRICT.matcher(script).useTransparentBounds(true);
        int end;
        for (SqlToken token = SqlToken.next(script, 0); token != null; token = SqlToken.next(script, end)) {
            end = token.end();
            if (token.is(";")) {
                use.of(new StatementReader(file, List.copyOf(statement)));
                statement.clear();
            } else if (statement.isEmpty()
                    && restrict.region(token.start(), script.length()).lookingAt()) {
                end = restrict.end();
            } else {
                statement.add(token);
                if (statement.size() > MOST_TOKENS) {
                    throw new StatementReader(file, statement.subList(0, LONGEST_QUOTE)).unexpected();
                }
            }
        }
        if (!statement.isEmpty()) {
            throw new StatementReader(file, statement).unexpected();
        }
    }

    /** Whether exactly these keywords and symbols come next; if so they are read. */
    public boolean skip(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    public void require(boolean asExpected) throws IOException {
        if (!asExpected) {
            throw unexpected();
        }
    }

    public SqlToken next() throws IOException {
        require(at < tokens.size());
        return tokens.get(at++);
    }

    public String name() throws IOException {
        SqlToken token = next();
        require(token.isName());
        return token.value();
    }

    /** A plain string, or one with backslashes escaped. */
    public SqlToken string() throws IOException {
        SqlToken token = next();
        require(token.isPlainString()
                || (token.kind() == Kind.STRING && "Ee".indexOf(token.text().charAt(0)) >= 0));
        return token;
    }

    /** A whole number that may be negative. */
    public long number() throws IOException {
        String sign = skip("-") ? "-" : "";
        SqlToken token = next();
        require(token.kind() == Kind.NUMBER);
        try {
            return Long.parseLong(sign + token.text());
        } catch (NumberFormatException e) {
            throw unexpected();
        }
    }

    public boolean atEnd() {
        return at == tokens.size();
    }

    /** Without what strings hold: it may be a password. */
    IOException unexpected() {
        String text = String.join(
                " ",
                tokens.stream()
                        .map(token -> token.kind() == Kind.STRING || token.kind() == Kind.BROKEN ? "'…'" : token.text())
                        .toList());
        return new IOException(file + " contains a statement that Bactrian doesn't write there, so none of it is run: "
                + text.substring(0, Math.min(text.length(), LONGEST_QUOTE)));
    }
}
