package dev.bactrian.postgres;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;

/**
 * What {@code sql/backup/detect-server.sql} found in the snapshot.
 *
 * @param versionNumber as server_version_num, for example 170011
 * @param databaseSize bytes
 * @param canReadPasswords whether the role may read password hashes
 * @param largeObjects how many there are
 * @param standby whether it is one, which has no rows of unlogged tables
 */
public record ServerInfo(
        int versionNumber,
        String version,
        String databaseName,
        String role,
        String encoding,
        long databaseSize,
        Instant snapshotAt,
        boolean canReadPasswords,
        long largeObjects,
        boolean standby) {

    private static final int PER_MAJOR = 10_000;

    public static ServerInfo of(Map<String, Object> row) {
        return new ServerInfo(
                ((Number) get(row, "server_version_num")).intValue(),
                get(row, "server_version").toString(),
                get(row, "database_name").toString(),
                get(row, "role_name").toString(),
                get(row, "encoding").toString(),
                ((Number) get(row, "database_size")).longValue(),
                ((Timestamp) get(row, "snapshot_at")).toInstant(),
                (Boolean) get(row, "can_read_passwords"),
                ((Number) get(row, "large_objects")).longValue(),
                Boolean.TRUE.equals(row.get("standby")));
    }

    private static Object get(Map<String, Object> row, String column) {
        return Objects.requireNonNull(row.get(column), "sql/backup/detect-server.sql must return the column " + column);
    }

    /** Reads the row that the route's query found. */
    public static final class Reader {
        public ServerInfo describe(@Body Map<String, Object> row) {
            return ServerInfo.of(row);
        }
    }

    public int major() {
        return versionNumber / PER_MAJOR;
    }
}
