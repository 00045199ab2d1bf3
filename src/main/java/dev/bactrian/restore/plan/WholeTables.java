package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Partitioned tables whose rows are saved as their own, since each database deals them out to partitions in its own way: they
 * are loaded through the partitioned table, and a partition alone has no rows.
 */
final class WholeTables {

    private WholeTables() {}

    /**
     * Refuses a selection that has a partition and not the table that has its rows.
     *
     * @throws dev.bactrian.problem.ProblemException when it has one, and rows are wanted
     */
    static void refuseParts(RestoreRequest request, List<Manifest.TablePart> tables) {
        if (request.is(Option.SCHEMA_ONLY)) {
            return;
        }
        Set<String> names =
                tables.stream().map(table -> RestorePlan.named(table).quoted()).collect(Collectors.toSet());
        for (Manifest.TablePart table : tables) {
            String whole = table.rowsIn();
            if (whole != null && !names.contains(whole)) {
                throw Target.refused(
                        "The rows of " + RestorePlan.named(table).quoted() + " are saved together with all others "
                                + "of " + whole
                                + ", because which of its partitions stores a row differs between databases.",
                        "Restore " + whole + " (--table), or the definition alone (--schema-only).");
            }
        }
    }
}
