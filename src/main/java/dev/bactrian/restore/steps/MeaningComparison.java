package dev.bactrian.restore.steps;

import dev.bactrian.postgres.meaning.Definition;
import dev.bactrian.postgres.meaning.Use;
import dev.bactrian.postgres.meaning.Uses;
import dev.bactrian.postgres.meaning.UsesQuery;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.SchemaRename;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.definitions.GuardedEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was made means what it meant when it was saved: uses the same functions and operators, whatever its text says.
 * Archives from before that was saved say nothing about it.
 */
public final class MeaningComparison {

    private static final int MOST_TOLD = 100;

    /** Adds what means something else to the report. */
    public void compare(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException {
        report(run, target, plan);
        run.getEvidence().done("compare-meaning");
    }

    private static void report(RestoreRun run, Target target, RestorePlan plan) throws SQLException {
        Uses saved = run.getNames().saved(plan);
        Made made = new Made(plan);
        if (saved == null || made.isNothing()) {
            return;
        }
        try (Connection connection = target.connection()) {
            Uses there =
                    moved(UsesQuery.read(connection), plan, run.getRequest().intoSchema());
            Set<Definition> others = Stream.concat(saved.definitions().stream(), there.definitions().stream())
                    .filter(definition -> !saved.of(definition).equals(there.of(definition)))
                    .filter(definition -> made.has(definition))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            if (others.isEmpty()) {
                return;
            }
            Set<Definition> present =
                    moved(UsesQuery.present(connection), plan, run.getRequest().intoSchema());
            others.retainAll(present);
            others.stream().limit(MOST_TOLD).forEach(definition -> run.getReport()
                    .add(differs(definition, saved, there)));
            if (others.size() > MOST_TOLD) {
                run.getReport()
                        .add(new NotApplied(
                                "meaning of definitions",
                                (others.size() - MOST_TOLD) + " more use other functions or operators than when they "
                                        + "were saved.",
                                null));
            }
        }
    }

    private static NotApplied differs(Definition definition, Uses saved, Uses there) {
        String lost = list(saved.of(definition), there.of(definition));
        String got = list(there.of(definition), saved.of(definition));
        return new NotApplied(
                definition.text(),
                "It exists, but means something else: it uses " + (got.isEmpty() ? "PostgreSQL's own" : got)
                        + (lost.isEmpty() ? ", which it didn't when it was saved." : " instead of " + lost + "."),
                null);
    }

    private static String list(Set<Use> uses, Set<Use> without) {
        return uses.stream()
                .filter(use -> !without.contains(use))
                .map(Use::text)
                .collect(Collectors.joining(", "));
    }

    private static Uses moved(Uses uses, RestorePlan plan, @Nullable String into) {
        SchemaRename rename = plan.rename();
        return rename == null || into == null ? uses : uses.inSchema(into, rename.from());
    }

    private static Set<Definition> moved(Set<Definition> definitions, RestorePlan plan, @Nullable String into) {
        SchemaRename rename = plan.rename();
        return rename == null || into == null
                ? definitions
                : definitions.stream()
                        .filter(definition -> definition.schema().equals(into))
                        .map(definition -> definition.inSchema(rename.from()))
                        .collect(Collectors.toSet());
    }

    /**
     * What a restore makes, by names: others may come by event triggers of the target's. Those of the archive's headers have spaces for line breaks.
     */
    private static final class Made {
        private static final Set<String> WITH_THE_WHOLE = Set.of("default", "constraint", "table", "type", "function");

        private final Set<Relation.Named> names = new HashSet<>();
        private final Set<String> parts = new HashSet<>();

        Made(RestorePlan plan) {
            Stream.of(
                            plan.preData().stream(),
                            plan.tables().stream().flatMap(table -> table.indexes().stream()),
                            plan.postData().stream())
                    .flatMap(entries -> entries)
                    .forEach(entry -> add(entry, plan.definitions()));
        }

        private void add(ScriptEntry entry, Definitions definitions) {
            GuardedEntry guarded = GuardedEntry.of(entry, definitions);
            if (guarded == null) {
                return;
            }
            if (guarded.part() == null) {
                names.add(guarded.of());
            } else {
                guarded.kinds().forEach(kind -> parts.add(part(kind, guarded.of(), guarded.part())));
            }
        }

        private static String part(String kind, Relation.Named of, String part) {
            return kind + " " + of + " " + part;
        }

        boolean isNothing() {
            return names.isEmpty() && parts.isEmpty();
        }

        boolean has(Definition definition) {
            Relation.Named name = Definitions.inHeaders(definition.schema(), definition.name());
            return WITH_THE_WHOLE.contains(definition.kind()) && names.contains(name)
                    || parts.contains(
                            part(definition.kind(), name, definition.part().replaceAll("[\n\r]", " ")));
        }
    }
}
