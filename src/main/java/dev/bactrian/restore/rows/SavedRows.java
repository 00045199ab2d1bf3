package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.CopyReader;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.BulkOutputStream;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** One table's rows in an archive, on their way to a server: all as the manifest says, or an exception. */
final class SavedRows {

    private SavedRows() {}

    /** Makes the statement that the rows go into, from the names in the archive's own, of which nothing is run. */
    @FunctionalInterface
    interface Into {
        String statement(CopyStatement from) throws SQLException;
    }

    /**
     * Copies them in the connection's transaction, which the caller ends.
     *
     * @return their number and digest
     * @throws DamagedArchiveException when length, CRC, SHA-256, number or digest of the rows aren't those of the manifest
     */
    static RowDigest copy(Manifest.TablePart part, Into into, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        Relation.Named table = RestorePlan.named(part);
        try (MeasuredStream in = new MeasuredStream(saved.reader().open(String.valueOf(part.dataEntry())))) {
            CopyReader reader = new CopyReader(in);
            CopyStatement statement = statement(reader, part);
            RowDigest digest = new RowDigest();
            String sql = into.statement(statement);
            run.columnsOf(table, statement.columns());
            use(run.pathOfRows(table, connection), connection);
            boolean doubtful = saved.reader().mayBeRightLater(String.valueOf(part.dataEntry()));
            long rows = copy(RawText.copy(sql, connection), reader, digest, run, connection, in, doubtful);
            use("SET LOCAL search_path = ''", connection);
            if (reader.nextCopy() != null || in.read() >= 0) {
                throw new DamagedArchiveException("there is something other than rows in " + part.dataEntry());
            }
            require("rows", part.rows(), digest.rows());
            require("SHA-256", part.sha256(), in.sha256());
            if (RowDigest.NAME.equals(part.rowDigestKind())) {
                require("row digest", part.rowDigest(), digest.hex());
            }
            if (rows != digest.rows()) {
                throw new SQLException(
                        "The server stored " + rows + " of " + Units.counted(digest.rows(), "row")
                                + ": a trigger or rule on the target drops some.",
                        "P0001");
            }
            return digest;
        }
    }

    /** What a server refuses may be what was damaged on the way: that counts then. */
    private static long copy(
            String sql,
            CopyReader reader,
            RowDigest digest,
            RestoreRun run,
            Connection connection,
            InputStream in,
            boolean doubtful)
            throws SQLException, IOException {
        try {
            return copy(sql, reader, digest, run, connection);
        } catch (SQLException e) {
            if (doubtful && !FatalErrors.endsAll(e) && !run.isStopped()) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            throw e;
        }
    }

    /** What the table calls as rows come in is found by it. */
    private static void use(String path, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(path);
        }
    }

    private static CopyStatement statement(CopyReader reader, Manifest.TablePart part) throws IOException {
        String text = reader.nextCopy();
        if (text == null) {
            throw new DamagedArchiveException("there are no rows in " + part.dataEntry());
        }
        CopyStatement statement = CopyStatement.parse(text);
        if (!statement.schema().equals(part.schema()) || !statement.table().equals(part.name())) {
            throw new DamagedArchiveException(part.dataEntry() + " holds the rows of another table");
        }
        return statement;
    }

    private static long copy(String sql, CopyReader reader, RowDigest digest, RestoreRun run, Connection connection)
            throws SQLException, IOException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            reader.copyRows(new CopyStream(copy, run), digest);
            return copy.endCopy();
        } catch (IOException e) {
            cancel(copy);
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw e;
        } finally {
            cancel(copy);
        }
    }

    private static void cancel(CopyIn copy) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            // It answers a cancelled COPY with the error that was asked for.
        }
    }

    private static void require(String what, @org.jspecify.annotations.Nullable Object saved, Object found)
            throws DamagedArchiveException {
        if (saved != null && !saved.equals(found)) {
            throw new DamagedArchiveException("its " + what + " should be " + saved + ", but is " + found);
        }
    }

    /** Rows on their way to the server. */
    private static final class CopyStream extends BulkOutputStream {
        private final CopyIn copy;
        private final RestoreRun run;

        CopyStream(CopyIn copy, RestoreRun run) {
            this.copy = copy;
            this.run = run;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            if (run.isStopped()) {
                throw new IOException("The restore was stopped");
            }
            try {
                copy.writeToCopy(bytes, offset, length);
            } catch (SQLException e) {
                throw new IOException(e);
            }
            run.getProgress().moved(length);
        }
    }
}
