package dev.bactrian.restore;

import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.run.Evidence;
import java.util.List;
import java.util.Map;

/** What the steps of a restore write down of themselves in its {@link Evidence}, under which names. */
public final class RestoreEvidence {

    /** What looks at what was made: to be done again after anything else is made. */
    public static final List<String> COMPARED = List.of("compare-target", "compare-meaning");

    /** What looks at rows: to be done after them. */
    public static final List<String> AFTER_ROWS =
            List.of("compare-target", "set-sequences", "direct:load-large-objects", "direct:finish-definitions");

    /** In the place of the plan's name: what {@code import-users} does, which has no other plan. */
    public static final String USERS = "users";

    private RestoreEvidence() {}

    /**
     * Before anything else is written.
     *
     * @throws ProblemException when the target doesn't say yet that it isn't whole
     */
    public static void requireMarked(RestoreRun run) {
        if (!run.isWriting()) {
            throw LeftOutStep.refusal(
                    needing(run),
                    Map.of("mark-target", "if the restore broke off, nothing in the target would show it"));
        }
    }

    /** What {@link LeftOutStep} calls a run that lacks steps. */
    public static String needing(RestoreRun run) {
        return run.getRequest().isScratch() ? "a verification" : "a whole restore";
    }

    /** What {@link Evidence} calls the rows of a table that are loaded or listed. */
    public static String rows(TableLoad table) {
        return "rows of " + table.quoted();
    }

    /** The same of a materialized view, as the manifest names it. */
    public static String rows(String view) {
        return "rows of materialized view " + view;
    }

    /** The same of a definition. */
    public static String made(ScriptEntry entry) {
        return "definition " + entry.id();
    }
}
