package dev.bactrian.postgres.script;

import dev.bactrian.selection.Relation;
import java.util.Collection;
import java.util.stream.Collectors;

/** Pieces of statements. */
public final class Sql {

    private Sql() {}

    /** Rows of constants, as {@code VALUES} takes them: schema and name. */
    public static String rows(Collection<Relation.Named> names) {
        return names.stream()
                .map(name -> "(" + Relation.literal(name.schema()) + ", " + Relation.literal(name.name()) + ")")
                .collect(Collectors.joining(", "));
    }
}
