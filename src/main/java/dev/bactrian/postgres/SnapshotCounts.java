package dev.bactrian.postgres;

import dev.bactrian.run.Evidence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** How much a snapshot has of what the detection queries of the routes list, by which an edited query is noticed. */
public final class SnapshotCounts {

    public static final String TABLES = "tables";
    public static final String SEQUENCES = "sequences";
    public static final String MATERIALIZED_VIEWS = "materialized views";
    public static final String SCHEMAS = "schemas";
    public static final String LARGE_OBJECTS = "large objects";

    /** One where it has its own auth.users, two more where it has its own storage.buckets and storage.objects. */
    public static final String PROJECT_TABLES = "tables of a Supabase project";

    private static final List<String> KINDS =
            List.of(TABLES, SEQUENCES, MATERIALIZED_VIEWS, SCHEMAS, LARGE_OBJECTS, PROJECT_TABLES);

    private static final String QUERY = "WITH schemas AS (SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
            + " AND n.nspname !~ '^pg_(toast_)?temp_')"
            + " SELECT count(*) FILTER (WHERE c.relkind IN ('r', 'p', 'f')),"
            + " count(*) FILTER (WHERE c.relkind = 'S'),"
            + " count(*) FILTER (WHERE c.relkind = 'm' AND c.relispopulated),"
            + " (SELECT count(*) FROM schemas),"
            + " (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),"
            + " count(*) FILTER (WHERE c.relkind IN ('r', 'p') AND s.nspname = 'auth' AND c.relname = 'users'"
            + " AND pg_catalog.pg_get_userbyid(c.relowner) = 'supabase_auth_admin')"
            + " + CASE count(*) FILTER (WHERE c.relkind IN ('r', 'p') AND s.nspname = 'storage'"
            + " AND c.relname IN ('buckets', 'objects')"
            + " AND pg_catalog.pg_get_userbyid(c.relowner) = 'supabase_storage_admin') WHEN 2 THEN 2 ELSE 0 END"
            + " FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace";

    private SnapshotCounts() {}

    /**
     * Writes them down.
     *
     * @param connection that sees the snapshot
     */
    static void note(Connection connection, Evidence evidence) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            for (int column = 1; column <= KINDS.size(); column++) {
                evidence.found(KINDS.get(column - 1), row.getLong(column));
            }
        }
    }
}
