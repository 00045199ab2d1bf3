package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code storage.objects} that an upload has changed. Storage makes an uploaded file its uploader's and of this
 * moment; whose it was, and of when, is put back. Its version and what it says of the bytes stay: by these it finds them.
 */
final class FileRows {

    private static final String DENIED = "42501";
    private static final List<String> TIMES = List.of("created_at", "updated_at", "last_accessed_at");

    /** The row came from the archive, an upload without a user has changed it, and nobody has put it back. */
    private static final String INTERRUPTED =
            " IS NULL AND version IS DISTINCT FROM ? AND created_at = ?::timestamptz AND updated_at IS DISTINCT FROM ?::timestamptz";

    private final Target target;
    private final RestoreReport report;
    private final Set<String> there;
    private final boolean replica;
    private final AtomicBoolean denied = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();

    private FileRows(Target target, RestoreReport report, Set<String> there, boolean replica) {
        this.target = target;
        this.report = report;
        this.there = there;
        this.replica = replica;
    }

    static FileRows of(Target target, RestoreReport report) throws SQLException {
        try (Connection connection = target.connection()) {
            Set<String> there = new TreeSet<>(Target.texts(
                    connection,
                    "SELECT attname FROM pg_attribute WHERE attrelid = 'storage.objects'::regclass AND attnum > 0"
                            + " AND NOT attisdropped"));
            return new FileRows(target, report, there, mayBeReplica(connection));
        }
    }

    private static boolean mayBeReplica(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            beReplica(statement);
            return true;
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            return false;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** So that no trigger sets the time of the change. */
    private static void beReplica(Statement statement) throws SQLException {
        statement.execute("SET LOCAL session_replication_role = replica");
    }

    /** Whether a restore has uploaded it and put its row back since anybody else has changed it. */
    boolean isOfFormerRestore(SavedFile file) throws SQLException {
        if (!there.contains("version") || file.text("updated_at") == null) {
            return false;
        }
        try (Connection connection = target.connection();
                PreparedStatement query =
                        connection.prepareStatement("SELECT FROM storage.objects WHERE bucket_id = ? AND name = ?"
                                + " AND version IS DISTINCT FROM ? AND updated_at = ?::timestamptz")) {
            set(query, file.bucket(), file.name(), file.text("version"), file.text("updated_at"));
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    /**
     * Puts it back, unless the role may not.
     *
     * @param uploaded whether this restore has uploaded it; else only what an interrupted one left so is
     */
    void putBack(SavedFile file, boolean uploaded) throws SQLException {
        String owner = there.contains("owner_id") ? "owner_id" : "owner";
        if (denied.get()) {
            return;
        }
        List<String> columns = Stream.concat(Stream.of("owner", "owner_id", "user_metadata"), TIMES.stream())
                .filter(there::contains)
                .toList();
        String update = "UPDATE storage.objects SET "
                + columns.stream()
                        .map(column -> column + " = ?::" + type(column))
                        .collect(Collectors.joining(", "))
                + " WHERE bucket_id = ? AND name = ?"
                + (uploaded ? "" : " AND " + owner + INTERRUPTED);
        List<@Nullable String> values = new ArrayList<>();
        columns.forEach(column -> values.add(value(file, column)));
        values.add(file.bucket());
        values.add(file.name());
        if (!uploaded) {
            values.addAll(Arrays.asList(file.text("version"), file.text("created_at"), file.text("updated_at")));
        }
        try (Connection connection = target.connection()) {
            boolean changed = run(connection, update, values.toArray(String[]::new)) > 0;
            if (changed && !replica) {
                tell(
                        "times of files",
                        "This role may not set session_replication_role, so updated_at is the time of the upload.");
            }
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            denied.set(true);
            tell(
                    "owners, times and user metadata of files",
                    "This role may not write rows of storage.objects, so they are those of the upload.");
        }
    }

    private int run(Connection connection, String update, @Nullable String[] values) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement change = connection.prepareStatement(update)) {
            if (replica) {
                beReplica(statement);
            }
            set(change, values);
            int changed = change.executeUpdate();
            connection.commit();
            return changed;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static String type(String column) {
        return switch (column) {
            case "owner" -> "uuid";
            case "owner_id" -> "text";
            case "user_metadata" -> "jsonb";
            default -> "timestamptz";
        };
    }

    private static @Nullable String value(SavedFile file, String column) {
        return "user_metadata".equals(column)
                ? file.line().path(column).isMissingNode()
                                || file.line().path(column).isNull()
                        ? null
                        : file.line().path(column).toString()
                : file.text(column);
    }

    private static void set(PreparedStatement statement, @Nullable String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }

    private void tell(String what, String reason) {
        if (told.compareAndSet(false, true)) {
            report.add(new NotApplied(what, reason, null));
        }
    }
}
