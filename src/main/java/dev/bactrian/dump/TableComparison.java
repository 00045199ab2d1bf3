package dev.bactrian.dump;

import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.SavedOutput;
import dev.bactrian.postgres.script.CopyReader;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Compares the live output of one pg_dump with what the archive has of the same tables already. */
public final class TableComparison {

    /** Reads tables once more, and fails where one isn't what the archive has. */
    public void compare(
            @Body InputStream body,
            @Header("group") DumpGroup group,
            @Header("reading") Reading reading,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException, SQLException {
        Map<Relation.Named, Table> expected = TableSplitter.byName(group);
        boolean locked = false;
        try (StoppableRun.Work work = run.beginWork();
                InputStream output = SavedOutput.of(body, "compare-with-archive")) {
            CopyReader reader = new CopyReader(output);
            for (String copy = reader.nextCopy(); copy != null; copy = reader.nextCopy()) {
                Table table = expected.remove(CopyStatement.parse(copy).target());
                if (table == null) {
                    throw new IOException("pg_dump printed a table that wasn't requested: " + copy);
                }
                if (!locked) {
                    reading.locked();
                    locked = true;
                }
                RowDigest digest = new RowDigest();
                reader.copyRows(OutputStream.nullOutputStream(), digest);
                boolean same = contents.data(table.oid())
                        .filter(data ->
                                data.rows() == digest.rows() && data.rowDigest().equals(digest.hex()))
                        .isPresent();
                if (!same) {
                    reading.refuseUndone(table);
                }
            }
        } catch (ProblemException | EOFException e) {
            reading.explain(e);
            throw TableSplitter.naming(null, e);
        }
        reading.ended();
        if (!expected.isEmpty()) {
            throw TableSplitter.leftOut(expected.values().iterator().next());
        }
        run.getEvidence().done("compare-with-archive");
    }
}
