package dev.bactrian.postgres.meaning;

/**
 * Something that is defined by an expression, a query or a function's name, by what it is known in any database.
 *
 * @param kind {@code rule} (a view's query is one), {@code default} (of a generated column, too), {@code constraint},
 *     {@code policy}, {@code trigger}, {@code index}, {@code table} (a partitioned one, by its key), {@code statistics},
 *     {@code type} (a domain, by its default) or {@code function}
 * @param schema of the table, view, domain or function
 * @param name of that
 * @param part of it: the rule's, column's, constraint's, policy's, trigger's, index's or statistics' name, a function's
 *     arguments; else empty
 */
public record Definition(String kind, String schema, String name, String part) {

    /** The name of the rule that is a view's query. */
    public static final String QUERY = "_RETURN";

    /** The same in another schema. */
    public Definition inSchema(String other) {
        return new Definition(kind, other, name, part);
    }

    /** For people: {@code constraint t_check of public.t}. */
    public String text() {
        String whole = schema + "." + name;
        return switch (kind) {
            case "rule" -> QUERY.equals(part) ? "view " + whole : "rule " + part + " of " + whole;
            case "default" -> "default or expression of column " + part + " of " + whole;
            case "constraint", "policy", "trigger", "index", "statistics" -> kind + " " + part + " of " + whole;
            case "function" -> "function " + whole + "(" + part + ")";
            case "table" -> "partition key of table " + whole;
            default -> kind + " " + whole;
        };
    }
}
