package dev.bactrian.restore;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.script.OpenQuote;
import dev.bactrian.script.ScriptLines;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Brings large objects back, from the script that pg_restore makes of them while the archive is read. */
public final class LargeObjects {

    /** Whether there are any to bring back. */
    public boolean areWanted(@ExchangeProperty("plan") RestorePlan plan, @ExchangeProperty("run") RestoreRun run) {
        return plan.everything()
                && plan.backup().reader().has(EntryNames.LARGE_OBJECTS)
                && !run.getRequest().is(RestoreRequest.Option.SCHEMA_ONLY);
    }

    /** The dump of them, from the archive. */
    public InputStream dump(@ExchangeProperty("plan") RestorePlan plan, @ExchangeProperty("run") RestoreRun run)
            throws IOException {
        return CheckedEntry.open(plan.backup(), EntryNames.LARGE_OBJECTS, () -> !run.isStopped());
    }

    /** Runs the script, in one transaction that ends well only when the dump was what the manifest says. */
    public void load(
            @Body InputStream script,
            @ExchangeProperty("objectDump") InputStream dump,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target)
            throws IOException, SQLException, InterruptedException {
        try (StoppableRun.Work work = run.beginWork();
                script;
                Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                runAll(new ScriptLines(script), statement, connection, run);
                ((CheckedEntry) dump).awaitWhole();
                connection.commit();
            } catch (IOException e) {
                connection.rollback();
                script.close();
                reportDamage((CheckedEntry) dump, e, run);
            } catch (SQLException e) {
                if (Failures.endsAll(e)) {
                    throw e;
                }
                connection.rollback();
                run.getReport().add(new NotApplied("large objects", Failures.firstLine(e), null));
                script.close();
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** What pg_restore said of a damaged dump says less than that it is damaged. */
    private static void reportDamage(CheckedEntry dump, IOException otherwise, RestoreRun run)
            throws IOException, InterruptedException {
        try {
            dump.awaitWhole();
        } catch (DamagedArchiveException e) {
            run.getReport()
                    .add(new NotApplied(
                            "large objects",
                            "The archive is damaged: " + e.getMessage() + ". None of them is restored.",
                            null));
            return;
        }
        throw otherwise;
    }

    private static void runAll(ScriptLines lines, Statement statement, Connection connection, RestoreRun run)
            throws IOException, SQLException {
        OpenQuote quote = new OpenQuote();
        StringBuilder text = new StringBuilder();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (text.isEmpty() && (line.isEmpty() || line.startsWith("--") || line.startsWith("\\"))) {
                continue;
            }
            quote.read(line);
            text.append(line).append('\n');
            if (!quote.isOpen() && line.endsWith(";")) {
                one(EntryText.forDriver(text.toString()), statement, connection, run);
                text.setLength(0);
            }
        }
    }

    private static void one(String sql, Statement statement, Connection connection, RestoreRun run)
            throws SQLException {
        if (sql.startsWith("SET ")
                || "BEGIN;\n".equals(sql)
                || "COMMIT;\n".equals(sql)
                || sql.contains("set_config(")) {
            return;
        }
        boolean mayFail = sql.startsWith("ALTER ") || sql.startsWith("GRANT ") || sql.startsWith("REVOKE ");
        if (!mayFail) {
            statement.execute(sql);
            return;
        }
        if (run.getRequest()
                .is(sql.startsWith("ALTER ") ? RestoreRequest.Option.NO_OWNER : RestoreRequest.Option.NO_PRIVILEGES)) {
            return;
        }
        var before = connection.setSavepoint();
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            if (Failures.endsAll(e)) {
                throw e;
            }
            connection.rollback(before);
            run.getReport().add(new NotApplied("large object", Failures.firstLine(e), sql.strip()));
        }
    }
}
