package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.SqlToken;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Tells columns from objects in queries where a table or an alias has the name of a schema: in {@code SELECT orders.id
 * FROM orders.orders}, the first is a column. Made for queries as PostgreSQL prints them, in views, rules, policies and
 * {@code BEGIN ATOMIC}: each reference to a table has its schema, keywords as names are quoted.
 */
final class ColumnReferences {

    private static final List<String> BEFORE_TABLE = List.of("FROM", "JOIN", "ONLY", "LATERAL");
    private static final List<String> BEFORE_OBJECT = List.of("INTO", "UPDATE", "COLLATE", "OPERATOR");
    private static final List<String> AFTER_TABLES = List.of(
            "WHERE",
            "GROUP",
            "HAVING",
            "WINDOW",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "FOR",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "SET",
            "RETURNING");
    private static final List<String> BEFORE_PRIVILEGE = List.of("GRANT", "REVOKE", "FOR", "ON");
    private static final SqlToken NOTHING = new SqlToken(SqlToken.Kind.SYMBOL, 0, "");

    /** What may come at a place between two parentheses. */
    private enum Place {
        /** No query has begun. */
        DDL,
        /** A query, but not where it lists its tables. */
        QUERY,
        TABLES,
        /** Inside parentheses of an expression. */
        EXPRESSION
    }

    private final List<SqlToken> tokens;
    private final String name;
    private final BitSet found = new BitSet();
    private final Deque<Place> outer = new ArrayDeque<>();
    private Place place = Place.DDL;

    private ColumnReferences(List<SqlToken> tokens, String name) {
        this.tokens = tokens;
        this.name = name;
    }

    /** Indexes of elements that are the name and stand before a column. */
    static BitSet find(List<SqlToken> tokens, String name) {
        BitSet found = new BitSet();
        int start = 0;
        for (int end = 0; end <= tokens.size(); end++) {
            if (end == tokens.size() || tokens.get(end).is(";")) {
                ColumnReferences statement = new ColumnReferences(tokens.subList(start, end), name);
                int offset = start;
                if (statement.isAmbiguous()) {
                    statement.read();
                    statement.found.stream().forEach(index -> found.set(offset + index));
                }
                start = end + 1;
            }
        }
        return found;
    }

    /** Whether the name is anything but a schema somewhere in a statement with a query. */
    private boolean isAmbiguous() {
        boolean query = false;
        boolean other = false;
        for (int i = 0; i < tokens.size(); i++) {
            query |= beginsQuery(i);
            other |= isName(i) && !at(i + 1).is(".");
        }
        return query && other;
    }

    private void read() {
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.is("(")) {
                outer.push(place);
                place = inside(i);
            } else if (token.is(")")) {
                place = outer.isEmpty() ? Place.DDL : outer.pop();
            } else if (beginsQuery(i)) {
                place = Place.QUERY;
            } else if (token.is("FROM")) {
                boolean begins = (place == Place.QUERY && !at(i - 1).is("DISTINCT"))
                        || at(i - 1).is("DELETE");
                place = begins ? Place.TABLES : place;
            } else if (token.is("JOIN")) {
                place = place == Place.QUERY ? Place.TABLES : place;
            } else if (place == Place.TABLES && (token.isAny(AFTER_TABLES) || isBareCondition(i))) {
                place = Place.QUERY;
            } else if (isName(i) && !at(i - 1).is(".") && at(i + 1).is(".") && isColumn(i)) {
                found.set(i);
            }
        }
    }

    /** And not a privilege, or what a policy or a rule is for. */
    private boolean beginsQuery(int at) {
        return tokens.get(at).is("SELECT")
                && !at(at - 1).isAny(BEFORE_PRIVILEGE)
                && !at(at - 1).is(",");
    }

    private Place inside(int parenthesis) {
        if (place == Place.TABLES && startsTable(parenthesis)) {
            return Place.TABLES;
        }
        return place == Place.DDL ? Place.DDL : Place.EXPRESSION;
    }

    private boolean isColumn(int at) {
        boolean object = place == Place.DDL
                || (place == Place.TABLES && startsTable(at))
                || at(at - 1).isAny(BEFORE_OBJECT)
                || at(at - 1).is("::")
                || at(at - 2).is("OPERATOR")
                // Calls of functions, and columns with their table and schema.
                || at(at + 3).is("(")
                || at(at + 3).is(".");
        return !object;
    }

    private boolean startsTable(int at) {
        SqlToken before = at(at - 1);
        return before.isAny(BEFORE_TABLE) || before.is(",") || before.is("(");
    }

    /** A condition of a join without parentheses: until the next join, columns are listed. */
    private boolean isBareCondition(int at) {
        return tokens.get(at).is("ON") && !at(at + 1).is("(");
    }

    private boolean isName(int at) {
        return tokens.get(at).isName() && tokens.get(at).value().equals(name);
    }

    private SqlToken at(int index) {
        return index >= 0 && index < tokens.size() ? tokens.get(index) : NOTHING;
    }
}
