package dev.bactrian.restore.steps;

import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.ddl.TableEntries;
import dev.bactrian.restore.target.TargetDefinitions;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;

/**
 * Tables that are to make room for those of the archive: what they have that the archive doesn't is named, before anything
 * is dropped. Where more roles could read or change the new ones, the restore is refused unless the request allows it.
 */
public final class DroppedTables {

    private static final int MOST_NAMED = 20;

    private static final String OTHER_PARTS =
            """
            WITH dropped AS (SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = %s::pg_catalog.regclass)
            SELECT 'STATISTICS ' || n.nspname || '.' || s.stxname FROM pg_catalog.pg_statistic_ext s
              JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace JOIN dropped d ON d.oid = s.stxrelid
            UNION ALL SELECT 'PUBLICATION TABLE ' || d.nspname || '.' || p.pubname || ' ' || d.relname
              FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
              JOIN dropped d ON d.oid = r.prrelid
            UNION ALL SELECT 'its place in a subscription' FROM pg_catalog.pg_subscription_rel r
              JOIN dropped d ON d.oid = r.srrelid ORDER BY 1""";

    /**
     * Compares the target's tables with the archive's.
     *
     * @throws dev.bactrian.problem.ProblemException when that would open what is protected
     */
    public void check(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("tools") PgTools tools)
            throws SQLException, IOException {
        Definitions definitions = TargetDefinitions.read(run);
        Map<Relation.Named, TableEntries> there =
                TableEntries.read(plan.drops(), definitions, definitions.all(), null, null);
        Map<Relation.Named, TableEntries> saved = TableEntries.read(
                plan.drops(),
                plan.definitions(),
                planned(plan),
                plan.rename(),
                run.getRequest().intoSchema());
        // Another pg_dump prints otherwise.
        boolean alike = plan.backup().manifest().source().pgDumpMajor() == tools.major()
                && plan.backup().manifest().source().serverMajor() == target.major();
        List<String> wider = new ArrayList<>();
        try (Connection connection = target.connection();
                TablesAlone only = TablesAlone.in(connection)) {
            TableAccess access = new TableAccess(connection, target, plan, run.getRequest());
            for (Relation.Named table : plan.drops()) {
                TableEntries now = Objects.requireNonNull(there.get(table));
                TableEntries then = Objects.requireNonNull(saved.get(table));
                Set<String> lost = now.beyond(then);
                lost.addAll(otherParts(table, then, connection));
                note(run, table, "has something that the archive doesn't have, and loses it", lost);
                note(run, table, "gets what differs from the archive", alike ? now.differing(then) : Set.of());
                access.opened(table, now, then).forEach(what -> wider.add(table.quoted() + ": " + what));
            }
        }
        wider.forEach(what -> run.getReport().note("Wider access to " + what + "."));
        if (!wider.isEmpty() && !run.getRequest().is(Option.ALLOW_WIDER_ACCESS)) {
            throw Target.refused(
                    "Tables that the target protects would be accessible to more roles than now: " + some(wider) + ".",
                    "Replace only the rows (--data-only --truncate), or restore into another schema (--into-schema); "
                            + "or, if you want the archive's rights and policies, add --allow-wider-access "
                            + "(allow_wider_access over the API).");
        }
        run.getEvidence().done("compare-dropped-tables");
    }

    private static List<ScriptEntry> planned(RestorePlan plan) {
        return Stream.of(
                        plan.preData().stream(),
                        plan.tables().stream().flatMap(table -> table.indexes().stream()),
                        plan.postData().stream())
                .flatMap(entries -> entries)
                .toList();
    }

    /** What pg_dump doesn't print with a table: its extended statistics, and who replicates it. */
    private static List<String> otherParts(Relation.Named table, TableEntries saved, Connection connection)
            throws SQLException {
        Set<String> known =
                saved.texts().keySet().stream().map(ScriptEntry.Key::what).collect(Collectors.toSet());
        return Target.texts(connection, OTHER_PARTS.formatted(Relation.literal(table.quoted()))).stream()
                .filter(part -> !known.contains(part))
                .toList();
    }

    private static void note(RestoreRun run, Relation.Named table, String what, Collection<String> objects) {
        if (!objects.isEmpty()) {
            run.getReport().note(table.quoted() + " " + what + ": " + some(objects) + ".");
        }
    }

    private static String some(Collection<String> names) {
        return names.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
                + (names.size() > MOST_NAMED ? "; and " + (names.size() - MOST_NAMED) + " more" : "");
    }
}
