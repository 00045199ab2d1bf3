package dev.bactrian.supabase.auth;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.run.StoppableRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes {@code auth/users.json}: an array in the shape of Supabase's admin API, one user per line, with what a restore
 * needs besides. Three cursors of the backup's instant go side by side, so that neither this process nor the server has to
 * hold more than some rows, however many users there are.
 */
public final class UserExport {

    /** A user may carry a lot of metadata. */
    private static final int USERS_AT_ONCE = 250;

    private static final int OTHERS_AT_ONCE = 1_000;
    private static final int BUFFER = 1 << 16;

    /** Adds the entry to the archive. */
    public void add(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents,
            @Header("authColumns") List<Map<String, Object>> columns)
            throws SQLException, IOException {
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = Snapshot.importInto(run, snapshot.getId())) {
            CopySession.use(connection);
            Runnable forget = run.onStop(cause -> cancel(connection));
            // Not closed where it fails: it would look whole, and the archive is given up anyway.
            Lines lines = new Lines(archive.begin(EntryNames.USERS), run);
            try (AuthRows users = AuthRows.open(connection, AuthTable.of(AuthTable.USERS, columns), USERS_AT_ONCE);
                    AuthRows identities = rows(connection, AuthTable.IDENTITIES, columns, plan);
                    AuthRows factors = rows(connection, AuthTable.FACTORS, columns, plan)) {
                write(lines, users, identities, factors);
                contents.addFile(lines.entry.name(), lines.entry.bytes(), lines.entry.sha256());
                run.getEvidence().undone("confirm-platform-tables");
                contents.addUsers(new SupabaseContents.Users(lines.users));
            } finally {
                forget.run();
            }
        }
    }

    /** Ends what the server is doing on a connection. */
    static void cancel(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            // It is closed or broken: nothing runs on it.
        }
    }

    /** Null where this project has no such table, or the backup leaves it out. */
    private static @Nullable AuthRows rows(
            Connection connection, String name, List<Map<String, Object>> columns, Plan plan) throws SQLException {
        AuthTable table = AuthTable.of(name, columns);
        return table.exists() && plan.selection().holdsData("auth", name)
                ? AuthRows.open(connection, table, OTHERS_AT_ONCE)
                : null;
    }

    private static void write(Lines lines, AuthRows users, @Nullable AuthRows identities, @Nullable AuthRows factors)
            throws SQLException, IOException {
        for (; users.isThere(); users.advance()) {
            lines.beginUser();
            users.write(lines.line);
            lines.text(", \"identities\": [");
            writeAll(lines, identities, users.owner());
            lines.text("]");
            if (skipTo(factors, users.owner())) {
                lines.text(", \"factors\": [");
                writeAll(lines, factors, users.owner());
                lines.text("]");
            }
            lines.text("}");
            lines.endUser();
        }
        lines.end();
    }

    private static void writeAll(Lines lines, @Nullable AuthRows rows, String owner) throws SQLException, IOException {
        for (boolean first = true; rows != null && skipTo(rows, owner); first = false) {
            lines.text(first ? "" : ", ");
            rows.write(lines.line);
            lines.text("}");
            rows.advance();
        }
    }

    /** Whether rows of this user come next. Those before it belong to nobody, which only happens without foreign keys. */
    private static boolean skipTo(@Nullable AuthRows rows, String owner) throws SQLException {
        while (rows != null && rows.isThere() && rows.owner().compareTo(owner) < 0) {
            rows.advance();
        }
        return rows != null && rows.isThere() && rows.owner().equals(owner);
    }

    /** The array, on its way into the archive. */
    private static final class Lines {
        private final ArchiveEntryWriter entry;
        private final BackupRun run;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER);
        private long users;

        Lines(ArchiveEntryWriter entry, BackupRun run) {
            this.entry = entry;
            this.run = run;
        }

        void text(String text) {
            line.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        void beginUser() {
            text(users == 0 ? "[\n" : ",\n");
        }

        void endUser() throws IOException {
            users++;
            if (line.size() >= BUFFER) {
                flush();
            }
        }

        void end() throws IOException {
            text(users == 0 ? "[]\n" : "\n]\n");
            flush();
            entry.close();
        }

        private void flush() throws IOException {
            if (run.isStopped()) {
                throw new IOException("The backup was stopped");
            }
            run.getProgress().moved(line.size());
            line.writeTo(entry);
            line.reset();
        }
    }
}
