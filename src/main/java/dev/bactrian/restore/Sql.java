package dev.bactrian.restore;

import dev.bactrian.selection.Relation;
import java.util.Collection;
import java.util.stream.Collectors;

/** Pieces of statements. */
final class Sql {

    private Sql() {}

    /** A string constant, for servers with standard_conforming_strings. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Rows of constants, as {@code VALUES} takes them: schema and name. */
    static String rows(Collection<Relation.Named> names) {
        return names.stream()
                .map(name -> "(" + literal(name.schema()) + ", " + literal(name.name()) + ")")
                .collect(Collectors.joining(", "));
    }
}
