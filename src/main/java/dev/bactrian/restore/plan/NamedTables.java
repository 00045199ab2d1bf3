package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.Target;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tables of an archive, as callers name them. */
public final class NamedTables {

    private static final int MOST_NEAR = 5;

    private NamedTables() {}

    /**
     * A table and its partitions, which have its rows; of a partition whose rows are saved with its table, that one, too.
     *
     * @param wanted as schema.table, or with both quoted
     * @throws dev.bactrian.problem.ProblemException when the archive has none of that name
     */
    public static Set<Manifest.TablePart> withPartitions(Manifest manifest, String wanted) {
        Set<Manifest.TablePart> found = new LinkedHashSet<>();
        add(manifest, byName(manifest, wanted), found);
        for (Manifest.TablePart part : List.copyOf(found)) {
            manifest.tables().stream()
                    .filter(table -> RestorePlan.named(table).quoted().equals(part.rowsIn()))
                    .forEach(found::add);
        }
        return found;
    }

    /** Adds a table with its partitions. */
    static void add(Manifest manifest, Manifest.TablePart table, Set<Manifest.TablePart> found) {
        if (!found.add(table)) {
            return;
        }
        String quoted = RestorePlan.named(table).quoted();
        manifest.tables().stream()
                .filter(part -> quoted.equals(part.partitionOf()))
                .forEach(part -> add(manifest, part, found));
    }

    static Manifest.TablePart byName(Manifest manifest, String wanted) {
        List<Manifest.TablePart> found = manifest.tables().stream()
                .filter(table -> wanted.equals(table.schema() + "." + table.name())
                        || wanted.equals(RestorePlan.named(table).quoted()))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        List<String> near = manifest.tables().stream()
                .filter(table -> table.name().equalsIgnoreCase(wanted.substring(wanted.lastIndexOf('.') + 1)))
                .map(table -> table.schema() + "." + table.name())
                .limit(MOST_NEAR)
                .toList();
        throw Target.refused(
                "The archive has no table " + wanted + ".",
                near.isEmpty()
                        ? "Write it as schema.table; manifest.json lists all."
                        : "Did you mean " + String.join(", ", near) + "?");
    }
}
