package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.SavedOutput;
import dev.bactrian.postgres.script.CopyReader;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the live output of one program into a data.sql per table, straight into the archive: pg_dump's, or psql's by
 * {@link CopyScript}.
 */
public final class TableSplitter {

    private final UnaryOperator<InputStream> taking;

    public TableSplitter() {
        this(output -> SavedOutput.of(output, "cut-into-tables"));
    }

    /**
     * Prepares for other streams.
     *
     * @param taking the stream to read from the body
     */
    TableSplitter(UnaryOperator<InputStream> taking) {
        this.taking = taking;
    }

    /** Writes every table of the group; fails when one of them is missing from the output, or that isn't a program's. */
    public void split(
            @Body InputStream body,
            @Header("group") DumpGroup group,
            @Header("reading") Reading reading,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException, SQLException {
        Map<Relation.Named, Table> expected = byName(group);
        if (group.tables().size() == 1) {
            // It may read for long before it prints anything. Of several tables nobody knows until then which one is
            // read.
            TableDataEntry.shown(group.tables().get(0), group.range(), run.getProgress());
        }
        Table last = null;
        try (StoppableRun.Work work = run.beginWork();
                InputStream output = taking.apply(body)) {
            CopyReader reader = new CopyReader(output);
            String encoding = textEncoding(plan);
            for (String copy = reader.nextCopy(); copy != null; copy = reader.nextCopy()) {
                Table table = expected.remove(CopyStatement.parse(copy).target());
                if (table == null) {
                    throw new IOException("A table was printed that wasn't requested: " + copy);
                }
                if (last == null) {
                    // All tables are locked before the first is printed.
                    reading.locked();
                }
                last = table;
                TableDataEntry entry =
                        TableDataEntry.begin(table, group.range(), copy, encoding, archive, run.getProgress());
                reader.copyRows(entry, entry.digest());
                entry.finish(contents);
            }
        } catch (ProblemException | EOFException e) {
            reading.explain(e);
            throw naming(last, e);
        }
        if (!expected.isEmpty() && group.range() != null) {
            ProblemException moved = CopyScript.otherFile(group.tables().get(0));
            reading.explain(moved);
            throw moved;
        }
        reading.ended();
        if (!expected.isEmpty()) {
            throw leftOut(expected.values().iterator().next());
        }
    }

    static Map<Relation.Named, Table> byName(DumpGroup group) {
        Map<Relation.Named, Table> tables = new HashMap<>();
        group.tables().forEach(table -> tables.put(new Relation.Named(table.schema(), table.name()), table));
        return tables;
    }

    static ProblemException leftOut(Table table) {
        return ProblemException.stopped(
                "The program left out " + table.quoted() + " without an error.",
                "Start the backup again. If it happens again, please report it with the table's definition.");
    }

    /** A program doesn't always say itself which table it failed at. */
    static ProblemException naming(@Nullable Table table, Exception failure) {
        Problem problem = failure instanceof ProblemException known
                ? known.problem()
                : new Problem(
                        ErrorTranslators.innermost(failure) + ", as if that were all.",
                        "Check whether PG_BIN has the real programs, then start the backup again.");
        String last = table == null ? "" : " The last table read was " + table.quoted() + ".";
        return new ProblemException(new Problem(problem.cause() + last, problem.remedy()), failure);
    }

    static String textEncoding(Plan plan) {
        return "SQL_ASCII".equals(plan.server().encoding()) ? "SQL_ASCII" : "UTF8";
    }
}
