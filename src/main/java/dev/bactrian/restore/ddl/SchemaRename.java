package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.selection.Relation;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites DDL, as pg_restore prints it, so that objects of one schema go to another: each {@code schema.name} of an object
 * that moves names the new schema. Strings, comments and dollar-quoted texts stay as they are, so <b>function bodies go on
 * naming the old schema</b>, as does a {@code search_path} that a function sets; only what is cast to a name of an object,
 * as in {@code nextval('s.t_id_seq'::regclass)}, is rewritten, too. Function bodies that aren't strings
 * ({@code BEGIN ATOMIC}) are.
 *
 * <p>The DDL is bytes, one character each (ISO 8859-1, see {@link dev.bactrian.postgres.script.ScriptLines}); the names given here
 * are ordinary text.
 */
public final class SchemaRename {

    private static final List<String> BEFORE_SCHEMA = List.of("CREATE", "ALTER", "DROP", "ON", "IN");
    private static final List<String> NAMES_OF_OBJECTS = List.of("REGCLASS", "REGTYPE", "REGPROC", "REGPROCEDURE");

    private final String from;
    private final String to;
    private final @Nullable Set<String> names;

    /**
     * How to rewrite.
     *
     * @param names of the tables, indexes, sequences, statistics, types and functions that move; null when the schema moves
     *     with everything that is in it: then {@code CREATE}, {@code ALTER} and {@code DROP SCHEMA}, {@code ON SCHEMA} and
     *     {@code IN SCHEMA} are rewritten, too, and so are names of operators
     */
    public SchemaRename(String fromSchema, String toSchema, @Nullable Set<String> names) {
        this.from = bytes(fromSchema);
        this.to = Relation.quote(bytes(toSchema));
        this.names =
                names == null ? null : names.stream().map(SchemaRename::bytes).collect(Collectors.toUnmodifiableSet());
    }

    /** The schema that they come from. */
    public String from() {
        return new String(from.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Rewrites one statement or more. */
    public String apply(String sql) {
        List<SqlToken> tokens = SqlToken.all(sql);
        BitSet columns = ColumnReferences.find(tokens, from);
        StringBuilder result = new StringBuilder(sql.length());
        int copied = 0;
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            String text = token.text();
            if (isObjectName(tokens, i)) {
                text = Relation.literal(apply(token.value()));
            } else if (!columns.get(i) && namesTheSchema(tokens, i)) {
                text = to;
            }
            result.append(sql, copied, token.start()).append(text);
            copied = token.end();
        }
        return result.append(sql, copied, sql.length()).toString();
    }

    /** Whether it is a string that is cast to the name of an object. */
    private static boolean isObjectName(List<SqlToken> tokens, int at) {
        return tokens.get(at).isPlainString()
                && at + 2 < tokens.size()
                && tokens.get(at + 1).is("::")
                && tokens.get(at + 2).isAny(NAMES_OF_OBJECTS);
    }

    private boolean namesTheSchema(List<SqlToken> tokens, int at) {
        SqlToken token = tokens.get(at);
        if (!token.isName() || !token.value().equals(from) || isAt(tokens, at - 1, ".")) {
            return false;
        }
        if (!isAt(tokens, at + 1, ".")) {
            return names == null && isSchemaItself(tokens, at);
        }
        if (at + 2 == tokens.size()) {
            return false;
        }
        SqlToken member = tokens.get(at + 2);
        return member.isName()
                ? names == null || names.contains(member.value())
                : names == null && isOperator(tokens, at);
    }

    /** Behind {@code ON SCHEMA} and the like. */
    private static boolean isSchemaItself(List<SqlToken> tokens, int at) {
        int schema = at - 1;
        if (isAt(tokens, schema, "EXISTS")) {
            schema -= isAt(tokens, schema - 1, "NOT") ? 3 : 2;
        }
        return schema > 0
                && tokens.get(schema).is("SCHEMA")
                && tokens.get(schema - 1).isAny(BEFORE_SCHEMA);
    }

    /** Behind {@code OPERATOR}, {@code OPERATOR(} or {@code OPERATOR 1}. */
    private static boolean isOperator(List<SqlToken> tokens, int at) {
        return isAt(tokens, at - 1, "OPERATOR")
                || (isAt(tokens, at - 2, "OPERATOR")
                        && (isAt(tokens, at - 1, "(") || tokens.get(at - 1).kind() == SqlToken.Kind.NUMBER));
    }

    private static boolean isAt(List<SqlToken> tokens, int at, String wordOrSymbol) {
        return at >= 0 && at < tokens.size() && tokens.get(at).is(wordOrSymbol);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
