package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.CopyReader;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.postgres.script.UnexpectedScriptException;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.support.BulkOutputStream;
import dev.bactrian.support.Units;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** One table's rows in an archive, on their way to a server: all as the manifest says, or an exception. */
final class SavedRows {

    private final Manifest.TablePart part;
    private final Into into;
    private final RestoreRun run;
    private final SavedBackup saved;
    private final Connection connection;
    /** Of the first of its entries: the others say the same. */
    private @Nullable CopyStatement first;

    private String sql = "";

    private SavedRows(Manifest.TablePart part, Into into, RestoreRun run, SavedBackup saved, Connection connection) {
        this.part = part;
        this.into = into;
        this.run = run;
        this.saved = saved;
        this.connection = connection;
    }

    /** Makes the statement that the rows go into, from the names in the archive's own, of which nothing is run. */
    @FunctionalInterface
    interface Into {
        String statement(CopyStatement from) throws SQLException;
    }

    /**
     * Copies them in the connection's transaction, which the caller ends; those of several entries one after the other.
     *
     * @return their number and digest
     * @throws DamagedArchiveException when length, CRC, SHA-256, number or digest of the rows aren't those of the manifest
     */
    static RowDigest copy(Manifest.TablePart part, Into into, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        SavedRows rows = new SavedRows(part, into, run, saved, connection);
        RowDigest all = new RowDigest();
        for (DataEntry entry : part.rowEntries()) {
            all.add(rows.copy(entry));
        }
        requireAll(part, all);
        return all;
    }

    /** The same of one of several entries. */
    static RowDigest copy(
            Manifest.TablePart part,
            DataEntry entry,
            Into into,
            RestoreRun run,
            SavedBackup saved,
            Connection connection)
            throws SQLException, IOException {
        return new SavedRows(part, into, run, saved, connection).copy(entry);
    }

    /** Rows of all entries together are what the manifest says of the table. */
    static void requireAll(Manifest.TablePart part, RowDigest all) throws DamagedArchiveException {
        require("rows", part.rows(), all.rows());
        if (RowDigest.NAME.equals(part.rowDigestKind())) {
            require("row digest", part.rowDigest(), all.hex());
        }
    }

    private RowDigest copy(DataEntry entry) throws SQLException, IOException {
        try (MeasuredStream in = new MeasuredStream(saved.reader().open(entry.entry()))) {
            CopyReader reader = new CopyReader(in);
            begin(statement(reader, entry));
            RowDigest digest = new RowDigest();
            use(run.pathOfRows(RestorePlan.named(part), connection), connection);
            boolean doubtful = saved.reader().mayBeRightLater(entry.entry());
            long rows = copy(RawText.copy(sql, connection), reader, digest, run, connection, in, doubtful);
            use("SET LOCAL search_path = ''", connection);
            if (reader.nextCopy() != null || in.read() >= 0) {
                throw new DamagedArchiveException("there is something other than rows in " + entry.entry());
            }
            require("rows", entry.rows(), digest.rows());
            require("SHA-256", entry.sha256(), in.sha256());
            if (RowDigest.NAME.equals(part.rowDigestKind())) {
                require("row digest", entry.rowDigest(), digest.hex());
            }
            if (rows != digest.rows()) {
                throw new SQLException(
                        "The server stored " + rows + " of " + Units.counted(digest.rows(), "row")
                                + ": a trigger or rule on the target drops some.",
                        "P0001");
            }
            return digest;
        } catch (UnexpectedScriptException | EOFException e) {
            throw new DamagedRowsException(
                    entry, new DamagedArchiveException(entry.entry() + " isn't what pg_dump prints", e));
        } catch (DamagedArchiveException e) {
            throw new DamagedRowsException(entry, e);
        }
    }

    private void begin(CopyStatement statement) throws SQLException, IOException {
        if (first == null) {
            first = statement;
            sql = into.statement(statement);
            run.columnsOf(RestorePlan.named(part), statement.columns());
        } else if (!first.equals(statement)) {
            throw new DamagedArchiveException("the parts of its rows have different columns");
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

    private CopyStatement statement(CopyReader reader, DataEntry entry) throws IOException {
        String text = reader.nextCopy();
        if (text == null) {
            throw new DamagedArchiveException("there are no rows in " + entry.entry());
        }
        CopyStatement statement = CopyStatement.parse(text);
        if (!statement.schema().equals(part.schema()) || !statement.table().equals(part.name())) {
            throw new DamagedArchiveException(entry.entry() + " holds the rows of another table");
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

    private static void require(String what, @Nullable Object saved, Object found) throws DamagedArchiveException {
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
