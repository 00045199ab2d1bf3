package dev.bactrian.history;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that migrations are going to make in the history's schema.
 *
 * @param relations tables and indexes
 * @param tables those of them that are tables: each has a type of its name
 * @param adopted those that migrations take as they find them
 */
record NewNames(Set<String> relations, Set<String> tables, Set<String> adopted) {

    private static final Pattern STATEMENT = Pattern.compile(
            "^(?:CREATE (?<kind>TABLE|(?:UNIQUE )?INDEX) (?<unless>IF NOT EXISTS )?|DROP INDEX (?:IF EXISTS )?)(?<name>\\w+)",
            Pattern.MULTILINE);

    /** Flyway makes its table, key and index where they aren't there. */
    private static final List<String> FLYWAYS =
            List.of(HistorySchema.VERSIONS, HistorySchema.VERSIONS + "_pk", HistorySchema.VERSIONS + "_s_idx");

    NewNames {
        relations = Set.copyOf(relations);
        tables = Set.copyOf(tables);
        adopted = Set.copyOf(adopted);
    }

    /**
     * Reads them.
     *
     * @param migrations texts of those that are still to run, in their order
     */
    static NewNames of(List<String> migrations) {
        Set<String> relations = new LinkedHashSet<>(FLYWAYS);
        Set<String> tables = new LinkedHashSet<>(List.of(HistorySchema.VERSIONS));
        Set<String> adopted = new LinkedHashSet<>(FLYWAYS);
        Set<String> dropped = new LinkedHashSet<>();
        for (Matcher found : migrations.stream().map(STATEMENT::matcher).toList()) {
            while (found.find()) {
                String name = found.group("name");
                if (found.group("kind") == null) {
                    dropped.add(name);
                } else if (relations.add(name) && (found.group("unless") != null || dropped.contains(name))) {
                    adopted.add(name);
                }
                if ("TABLE".equals(found.group("kind"))) {
                    tables.add(name);
                }
            }
        }
        return new NewNames(relations, tables, adopted);
    }
}
