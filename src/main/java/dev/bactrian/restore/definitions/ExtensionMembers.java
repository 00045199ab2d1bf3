package dev.bactrian.restore.definitions;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SavedExtension.Part;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.dump.ExtensionFacts;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.rows.MissingMembers;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.ExchangeProperty;

/**
 * What {@code CREATE EXTENSION} doesn't bring back of extensions: members that {@code ALTER EXTENSION … ADD} made, and what
 * users put on tables of extensions. It is made in the order in which it fits between the other definitions and the rows.
 */
public final class ExtensionMembers {

    private static final int LARGEST = 1 << 28;

    /** Those of the archive, for one restore; none where it says nothing of them. */
    public MissingMembers read(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("extensionQuery") String query)
            throws IOException {
        List<Part> saved = List.of();
        boolean definitions = !run.getRequest().is(RestoreRequest.Option.DATA_ONLY);
        if (definitions && plan.backup().reader().has(EntryNames.EXTENSIONS)) {
            try {
                saved = ExtensionFacts.read(CheckedEntry.read(plan.backup(), EntryNames.EXTENSIONS, LARGEST));
            } catch (DamagedArchiveException e) {
                run.getReport()
                        .add(new NotApplied(
                                "members of extensions", "The archive is damaged: " + e.getMessage() + ".", null));
            }
        }
        return new MissingMembers(saved, run, target, plan, query);
    }

    /** Indexes and constraints, once the rows are there: foreign keys of other tables need them. */
    public void afterRows(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException {
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            members.afterRows(connection);
            run.getEvidence().undone(RestoreEvidence.COMPARED);
            run.getEvidence().done("make-extension-indexes");
        }
    }

    /** Everything else; and what isn't there then is told. */
    public void finish(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException {
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            members.finish(connection);
            run.getEvidence().undone(RestoreEvidence.COMPARED);
            run.getEvidence().done("finish-extension-members");
        }
    }
}
