package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.OpenQuote;
import dev.bactrian.postgres.script.ScriptLines;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.LargeObjectMarks;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Brings large objects back, from the script that pg_restore makes of them while the archive is read. */
public final class LargeObjects {

    /** The step that makes the script. */
    public static final String SCRIPT = "script-large-objects";

    public static final String OPTION =
            " --large-objects (large_objects over the API) restores them, and compares those that exist.";

    /**
     * Which of them belong to what is restored. Those that stay behind are told.
     *
     * @throws SQLException when the connection is lost, or a table can't be read
     */
    public ObjectReferences references(
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target)
            throws SQLException {
        ObjectReferences found = find(plan, run, target);
        run.getEvidence().done("direct:load-large-objects");
        if (areWanted(plan, run, found)) {
            run.getEvidence().expect("load-objects");
        }
        return found;
    }

    private static ObjectReferences find(RestorePlan plan, RestoreRun run, Target target) throws SQLException {
        if (plan.everything()) {
            return ObjectReferences.ALL;
        }
        if (!plan.backup().reader().has(EntryNames.LARGE_OBJECTS)) {
            return ObjectReferences.NONE;
        }
        ObjectReferences found;
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            found = ObjectReferences.of(
                    connection,
                    plan.tables().stream().map(RestorePlan.TableLoad::target).toList());
        }
        if (!run.getRequest().is(RestoreRequest.Option.LARGE_OBJECTS)) {
            found.columns().forEach(column -> run.getReport()
                    .note("Rows may refer to large objects, which aren't restored: " + column.text() + "."
                            + (column.there() == 0
                                    ? ""
                                    : " The target has objects of " + column.there()
                                            + " with these numbers, which may be different ones.")
                            + " --large-objects (large_objects over the API) restores them, and compares those that "
                            + "exist."));
        }
        return found;
    }

    private static ProblemException leftOut(String step, String how) {
        return LeftOutStep.refusal("a whole restore", Map.of(step, how));
    }

    /** Whether there are any to bring back. */
    public static boolean areWanted(
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("objects") ObjectReferences objects) {
        return (plan.everything() || run.getRequest().is(RestoreRequest.Option.LARGE_OBJECTS))
                && !objects.areNone()
                && plan.backup().reader().has(EntryNames.LARGE_OBJECTS)
                && !run.getRequest().is(RestoreRequest.Option.SCHEMA_ONLY);
    }

    /** The dump of them, from the archive. */
    public InputStream dump(@ExchangeProperty("plan") RestorePlan plan, @ExchangeProperty("run") RestoreRun run)
            throws IOException {
        if (run.getEvidence().has(SCRIPT)) {
            throw leftOut("load-objects", "the dump would be read again and again");
        }
        return CheckedEntry.open(plan.backup(), EntryNames.LARGE_OBJECTS, () -> !run.isStopped());
    }

    /**
     * Runs the script. What it made stays only when the dump was what the manifest says.
     *
     * @return false when the dump came damaged, and is to be read once more
     */
    public boolean load(
            @Body InputStream script,
            @ExchangeProperty("objectDump") InputStream dump,
            @ExchangeProperty("objects") ObjectReferences objects,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("target") Target target)
            throws IOException, SQLException, InterruptedException {
        if (!run.getEvidence().has(SCRIPT)) {
            throw leftOut(SCRIPT, "no program has read the dump");
        }
        run.getEvidence().undone(SCRIPT);
        boolean read = loadOnce(script, dump, objects, run, plan, target);
        if (read) {
            run.getEvidence().done("load-objects");
        }
        return read;
    }

    private static boolean loadOnce(
            InputStream script,
            InputStream dump,
            ObjectReferences objects,
            RestoreRun run,
            RestorePlan plan,
            Target target)
            throws IOException, SQLException, InterruptedException {
        try (StoppableRun.Work work = run.beginWork();
                script;
                Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                ObjectLoad load = new ObjectLoad(run, objects, connection, statement);
                runAll(new ScriptLines(script), load);
                ((CheckedEntry) dump).awaitWhole();
                load.commit();
                load.report();
                return true;
            } catch (IOException e) {
                undo(connection);
                script.close();
                return !isDamaged((CheckedEntry) dump, e, run, plan.backup());
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e)) {
                    throw e;
                }
                undo(connection);
                script.close();
                if (plan.backup().reader().mayBeRightLater(EntryNames.LARGE_OBJECTS)
                        && isDamaged((CheckedEntry) dump, new IOException(e), run, plan.backup())) {
                    return false;
                }
                run.getReport().replace(new NotApplied("large objects", FatalErrors.firstLine(e), null));
                return true;
            } finally {
                if (!connection.isClosed() && !connection.getAutoCommit()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    private static void undo(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
        LargeObjectMarks.undo(connection);
    }

    /**
     * What pg_restore said of a damaged dump says less than that it is damaged.
     *
     * @param otherwise thrown when it isn't, unless a server said it
     * @return true when it is to be read once more; else the report has it
     */
    private static boolean isDamaged(CheckedEntry dump, IOException otherwise, RestoreRun run, SavedBackup saved)
            throws IOException, InterruptedException {
        try {
            dump.awaitWhole();
        } catch (DamagedArchiveException e) {
            if (!run.isStopped() && saved.reader().readAgain(EntryNames.LARGE_OBJECTS)) {
                return true;
            }
            run.getReport()
                    .replace(new NotApplied(
                            "large objects",
                            "The archive is damaged: " + e.getMessage() + ". None of them is restored.",
                            null));
            return false;
        }
        if (otherwise.getCause() instanceof SQLException) {
            return false;
        }
        throw otherwise;
    }

    private static void runAll(ScriptLines lines, ObjectLoad load) throws IOException, SQLException {
        OpenQuote quote = new OpenQuote();
        StringBuilder text = new StringBuilder();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (text.isEmpty() && (line.isEmpty() || line.startsWith("--") || line.startsWith("\\"))) {
                continue;
            }
            quote.read(line);
            text.append(line).append('\n');
            if (text.length() > ReadLimits.HERE.manifestBytes()) {
                throw ReadLimits.HERE.largeEntry("a statement of " + EntryNames.LARGE_OBJECTS);
            }
            if (!quote.isOpen() && line.endsWith(";")) {
                load.one(text.toString());
                text.setLength(0);
            }
        }
    }
}
