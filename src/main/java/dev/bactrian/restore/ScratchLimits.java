package dev.bactrian.restore;

import dev.bactrian.selection.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What no scratch database can have: pg_cron, which works in one database of a server alone (its setting
 * {@code cron.database_name}), refuses any other, and would run the jobs. It is left out with all that needs it, and told
 * as not proven.
 */
final class ScratchLimits {

    private static final String EXTENSION = "pg_cron";
    private static final String SCHEMA = "cron";
    private static final String NEEDS = "It needs pg_cron, which a scratch database can't have.";

    private ScratchLimits() {}

    static List<ScriptEntry> leaveOut(List<ScriptEntry> wanted, RestoreReport report) {
        boolean there = wanted.stream().anyMatch(ScratchLimits::isExtension);
        List<ScriptEntry> left = new ArrayList<>();
        Set<Integer> out = new HashSet<>();
        for (ScriptEntry entry : wanted) {
            boolean needs = entry.dependencies().stream().anyMatch(out::contains);
            if (there && (isExtension(entry) || needs || isGrantOnIt(entry))) {
                out.add(entry.id());
                report.notProven(new NotApplied(
                        entry.what(),
                        isExtension(entry)
                                ? "It works in one database of a server alone, and would run the jobs there."
                                : NEEDS,
                        null));
            } else {
                left.add(entry);
            }
        }
        return left;
    }

    /** Whether a sequence is one of the extension's, which was left out; then that is told, too. */
    static boolean leaveOut(Relation.Named sequence, RestoreReport report) {
        boolean out = SCHEMA.equals(sequence.schema())
                && report.getNotProven().stream().anyMatch(part -> ("EXTENSION " + EXTENSION).equals(part.what()));
        if (out) {
            report.notProven(new NotApplied("sequence " + sequence.quoted(), NEEDS, null));
        }
        return out;
    }

    private static boolean isExtension(ScriptEntry entry) {
        return "EXTENSION".equals(entry.type()) && EXTENSION.equals(entry.tag());
    }

    /** What the extension makes has no entry of its own that a grant could depend on. */
    private static boolean isGrantOnIt(ScriptEntry entry) {
        return entry.isGrant() && (SCHEMA.equals(entry.schema()) || ("SCHEMA " + SCHEMA).equals(entry.tag()));
    }
}
