package dev.bactrian.restore;

import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.Evidence;
import dev.bactrian.backup.LeftOutStep;
import dev.bactrian.restore.RestorePlan.TableLoad;
import java.util.List;
import java.util.Map;

/** What the steps of a restore write down of themselves in its {@link Evidence}, under which names. */
public final class RestoreEvidence {

    /** What looks at what was made: to be done again after anything else is made. */
    static final List<String> COMPARED = List.of("compare-target", "compare-meaning");

    /** What looks at rows: to be done after them. */
    static final List<String> AFTER_ROWS =
            List.of("compare-target", "set-sequences", "direct:load-large-objects", "direct:finish-definitions");

    /** In the place of the plan's name: what {@code import-users} does, which has no other plan. */
    public static final String USERS = "users";

    private RestoreEvidence() {}

    /**
     * Before anything else is written.
     *
     * @throws BackupException when the target doesn't say yet that it isn't whole
     */
    static void requireMarked(RestoreRun run) {
        if (!run.isWriting()) {
            throw LeftOutStep.refusal(
                    needing(run), Map.of("mark-target", "a target that a restore breaks off in wouldn't say so"));
        }
    }

    /** What {@link LeftOutStep} calls a run that lacks steps. */
    static String needing(RestoreRun run) {
        return Restores.SCRATCH.equals(run.getRequest().target()) ? "a verification" : "a whole restore";
    }

    /** What {@link Evidence} calls the rows of a table that are loaded or listed. */
    static String rows(TableLoad table) {
        return "rows of " + table.quoted();
    }

    /** The same of a materialized view, as the manifest names it. */
    public static String rows(String view) {
        return "rows of materialized view " + view;
    }

    /** The same of a definition. */
    static String made(ScriptEntry entry) {
        return "definition " + entry.id();
    }
}
