package dev.bactrian.postgres.meaning;

import dev.bactrian.selection.Relation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function or an operator that a definition uses.
 *
 * @param kind {@code function} or {@code operator}
 * @param arguments types of the arguments, qualified where they aren't PostgreSQL's own; an operator's are two, of which the
 *     first may be {@code NONE}
 * @param extension whose it is; empty for one of no extension
 */
public record Use(String kind, String schema, String name, String arguments, String extension) {

    public static final String OPERATOR = "operator";

    boolean isOperator() {
        return OPERATOR.equals(kind);
    }

    /** The same where a schema has another name. */
    Use renamed(String from, String to) {
        String types = arguments;
        for (String name : new String[] {from, Relation.quote(from)}) {
            types = types.replaceAll(
                    "(?<![\\w\"$])" + Pattern.quote(name) + "\\.", Matcher.quoteReplacement(plain(to) + "."));
        }
        return new Use(kind, schema.equals(from) ? to : schema, name, types, extension);
    }

    /** As the server prints it. */
    private static String plain(String identifier) {
        return identifier.matches("[a-z_][a-z0-9_]*") ? identifier : Relation.quote(identifier);
    }

    /** For people: {@code operator public.=(public.citext, public.citext) of extension citext}. */
    public String text() {
        return kind + " " + schema + "." + name + "(" + arguments + ")"
                + (extension.isEmpty() ? "" : " of extension " + extension);
    }
}
