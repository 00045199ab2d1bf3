package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the statement of a dumped table says of its form.
 *
 * @param columns its own, by their names, and how they are defined; those that it inherits stand in its parents' statements
 * @param constraints those that stand in the statement, CHECK above all, by their names
 * @param parents tables that it inherits from, but not the one it is a partition of; schema and name, unquoted
 * @param typed whether a composite type gives it its columns, so that none stands there
 * @param forced whether row level security holds for its owner, too
 */
public record TableText(
        Map<String, String> columns,
        Map<String, String> constraints,
        List<List<String>> parents,
        boolean typed,
        boolean forced) {

    /** Reads it; the text is bytes, one character each. */
    public static TableText of(String text) {
        String sql = EntryText.forDriver(text);
        List<SqlToken> tokens = SqlToken.all(sql);
        int open = 0;
        while (open < tokens.size()
                && !tokens.get(open).is("(")
                && !tokens.get(open).is(";")) {
            open++;
        }
        boolean typed = tokens.subList(0, open).stream().anyMatch(token -> token.is("OF"));
        Map<String, String> columns = new TreeMap<>();
        Map<String, String> constraints = new TreeMap<>();
        int end = open;
        if (open < tokens.size() && tokens.get(open).is("(")) {
            end = parts(sql, tokens, open, columns, constraints);
        }
        return new TableText(
                columns, constraints, parents(tokens, end), typed, has(tokens, "FORCE", "ROW", "LEVEL", "SECURITY"));
    }

    /** Adds what stands in the parentheses; answers where their end is. */
    private static int parts(
            String sql, List<SqlToken> tokens, int open, Map<String, String> columns, Map<String, String> constraints) {
        int depth = 0;
        int begin = open + 1;
        for (int i = open; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            boolean last = depth == 0;
            if (last || depth == 1 && token.is(",")) {
                part(sql, tokens.subList(begin, i), token.start(), columns, constraints);
                begin = i + 1;
            }
            if (last) {
                return i + 1;
            }
        }
        return tokens.size();
    }

    private static void part(
            String sql, List<SqlToken> part, int end, Map<String, String> columns, Map<String, String> constraints) {
        if (part.isEmpty() || !part.get(0).isName()) {
            return;
        }
        String text = sql.substring(part.get(0).start(), end).strip();
        if (part.get(0).is("CONSTRAINT") && part.size() > 1) {
            constraints.put(part.get(1).value(), text);
        } else {
            columns.put(part.get(0).value(), text);
        }
    }

    /** Columns whose type is {@code oid}, or has the name of the extension lo's, in any schema. */
    public List<String> objectColumns() {
        return columns.entrySet().stream()
                .filter(column -> {
                    List<SqlToken> tokens = SqlToken.all(column.getValue());
                    int type = tokens.size() > 3 && tokens.get(2).is(".") ? 3 : 1;
                    return type < tokens.size()
                            && (type == 1 && tokens.get(type).is("oid")
                                    || "lo".equals(tokens.get(type).value()));
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<List<String>> parents(List<SqlToken> tokens, int from) {
        List<List<String>> parents = new ArrayList<>();
        if (from + 1 < tokens.size() && tokens.get(from).is("INHERITS")) {
            List<String> name = new ArrayList<>();
            for (int i = from + 2; i < tokens.size(); i++) {
                SqlToken token = tokens.get(i);
                if (token.isName()) {
                    name.add(token.value());
                } else if (!token.is(".")) {
                    parents.add(List.copyOf(name));
                    name.clear();
                    if (token.is(")")) {
                        break;
                    }
                }
            }
        }
        return List.copyOf(parents);
    }

    private static boolean has(List<SqlToken> tokens, String... words) {
        for (int i = 0; i + words.length <= tokens.size(); i++) {
            int at = 0;
            while (at < words.length && tokens.get(i + at).is(words[at])) {
                at++;
            }
            // Not NO FORCE.
            if (at == words.length && (i == 0 || !tokens.get(i - 1).is("NO"))) {
                return true;
            }
        }
        return false;
    }
}
