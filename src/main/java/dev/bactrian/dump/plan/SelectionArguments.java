package dev.bactrian.dump.plan;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Relation.Named;
import dev.bactrian.selection.Selection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A selection as pg_dump takes it: what is left out, by exact names. Never what is in: {@code --schema} and {@code
 * --table} make pg_dump also leave out extensions, event triggers, publications, types and functions.
 */
public final class SelectionArguments {

    /** pg_dump looks through the whole catalog once per pattern: one for many names, but none that is too large. */
    private static final int NAMES_PER_PATTERN = 50;

    private static final int SMALL_CATALOG = 1_000;
    /** Linux takes 2 MB of arguments and environment; what else is among the arguments needs little. */
    private static final int MOST_BYTES = 1_500_000;

    private SelectionArguments() {}

    public static List<String> of(Selection selection) {
        List<String> arguments = new ArrayList<>();
        oneOf(selection.schemas()).forEach(names -> arguments.add("--exclude-schema=" + names));
        add(arguments, "--exclude-table=", selection.relations());
        add(arguments, "--exclude-table-data=", selection.withoutData());
        if (!selection.largeObjects()) {
            arguments.add("--no-blobs");
        }
        return arguments;
    }

    /**
     * Looks whether pg_dump can be told.
     *
     * @throws ProblemException when the names don't fit on a command line
     */
    static void refuseTooLong(Selection selection) {
        long bytes = of(selection).stream()
                .mapToLong(argument -> argument.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
        if (bytes > MOST_BYTES) {
            throw ProblemException.stopped(
                    "The names of the excluded tables are " + bytes + " bytes long in total, and pg_dump "
                            + "accepts " + MOST_BYTES
                            + ".",
                    "Exclude whole schemas where possible, or fewer tables.");
        }
    }

    /**
     * The option that names exactly these tables. Each pattern costs a query, which for one name is a look into an index,
     * and for many a look at every name of the catalog: dear where there are thousands, else cheaper than more queries.
     */
    public static List<String> tables(Collection<Named> names, int tablesInAll) {
        List<String> arguments = new ArrayList<>();
        if (tablesInAll > SMALL_CATALOG) {
            names.forEach(name -> arguments.add("--table=" + name.quoted()));
        } else {
            add(arguments, "--table=", names);
        }
        return arguments;
    }

    private static void add(List<String> arguments, String option, Collection<Named> names) {
        Map<String, TreeSet<String>> bySchema = new TreeMap<>();
        names.forEach(name ->
                bySchema.computeIfAbsent(name.schema(), none -> new TreeSet<>()).add(name.name()));
        bySchema.forEach((schema, tables) ->
                oneOf(tables).forEach(some -> arguments.add(option + Relation.quote(schema) + "." + some)));
    }

    /** Patterns that match exactly these names: {@code ("a"|"b")}. */
    private static List<String> oneOf(Collection<String> names) {
        List<String> sorted = names.stream().sorted().map(Relation::quote).toList();
        List<String> patterns = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += NAMES_PER_PATTERN) {
            patterns.add(sorted.subList(from, Math.min(from + NAMES_PER_PATTERN, sorted.size())).stream()
                    .collect(Collectors.joining("|", "(", ")")));
        }
        return patterns;
    }
}
