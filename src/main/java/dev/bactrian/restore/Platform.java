package dev.bactrian.restore;

import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.url.SupabaseProject;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a Supabase project manages itself, and a restore into one must leave alone. The names are those that Supabase's
 * own {@code db dump} keeps out, and a few that its platform has made since.
 */
public final class Platform {

    private static final Path PARTS = Path.of("sql/backup/detect-supabase.sql");

    private static final Pattern ROLES = Pattern.compile(
            "anon|authenticated|authenticator|service_role|dashboard_user|pgbouncer|postgres|supabase_.*|cli_login_.*"
                    + "|pgsodium_key(?:holder|iduser|maker)|pgtle_admin|pg_.*",
            Pattern.DOTALL);

    private static final Pattern SCHEMAS = Pattern.compile(
            "auth|storage|realtime|_realtime|extensions|graphql|graphql_public|vault|net|cron|etl|pgbouncer|pgmq"
                    + "|pgsodium|pgsodium_masks|pgtle|repack|supabase_functions|supabase_migrations|_analytics"
                    + "|_supavisor|tiger|tiger_data|topology|_?timescaledb_.*|information_schema|pg_.*",
            Pattern.DOTALL);

    private static final Set<Relation.Named> LEFT_ALONE = Set.of(
            new Relation.Named("storage", "buckets_vectors"),
            new Relation.Named("storage", "vector_indexes"),
            new Relation.Named("storage", "iceberg_namespaces"),
            new Relation.Named("storage", "iceberg_tables"),
            new Relation.Named("storage", "migrations"),
            new Relation.Named("auth", "schema_migrations"),
            new Relation.Named("storage", "s3_multipart_uploads"),
            new Relation.Named("storage", "s3_multipart_uploads_parts"),
            new Relation.Named("supabase_functions", "migrations"),
            // Encrypted with a key that stays in the old project.
            new Relation.Named("vault", "secrets"));

    /** Schemas in which nothing is a user's: what services queue, keep for some days, or count for themselves. */
    private static final Set<String> OF_SERVICES =
            Set.of("realtime", "_realtime", "net", "cron", "pgbouncer", "graphql", "_analytics", "_supavisor");

    /** Made by the dashboard, for who asks for webhooks; nobody else can give it the platform's owners. */
    private static final String ON_DEMAND = "supabase_functions";

    /** Their rows tell of contents that no archive has. */
    private static final Set<Relation.Named> WITHOUT_CONTENT = Set.of(
            new Relation.Named("storage", "buckets_vectors"),
            new Relation.Named("storage", "vector_indexes"),
            new Relation.Named("storage", "iceberg_namespaces"),
            new Relation.Named("storage", "iceberg_tables"));

    private Platform() {}

    /** Whether it is a Supabase project's database: by the owners of its tables, or since the setting says so. */
    public static boolean is(Connection connection, SupabaseProject.Recognition recognition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(parts())) {
            answer.next();
            Map<String, Object> row = new HashMap<>();
            for (int column = 1; column <= answer.getMetaData().getColumnCount(); column++) {
                row.put(answer.getMetaData().getColumnLabel(column), answer.getObject(column));
            }
            return SupabaseTables.of(row, recognition).present();
        }
    }

    private static String parts() {
        try {
            return Files.readString(PARTS);
        } catch (IOException e) {
            throw new UncheckedIOException(PARTS + " can't be read. Start Bactrian with its launcher", e);
        }
    }

    /** Whether the platform makes the role in every project, or PostgreSQL in every server ({@code pg_…}). */
    public static boolean role(String name) {
        return ROLES.matcher(name).matches();
    }

    /**
     * Whether the platform, or an extension that only it installs, makes what is in the schema. Rows of a user's may be
     * in it all the same: those of {@code auth} and {@code storage} above all.
     */
    public static boolean managedSchema(String name) {
        return SCHEMAS.matcher(name).matches();
    }

    /** Whether the platform makes the schema only in projects whose owner has asked for it. */
    public static boolean isOnDemand(String schema) {
        return ON_DEMAND.equals(schema);
    }

    /**
     * Whether a table or sequence of a managed schema tells the platform's own state, which rows of another project would
     * spoil.
     */
    public static boolean leftAlone(String schema, String table) {
        // Jobs come back by cron's own functions.
        return OF_SERVICES.contains(schema) || LEFT_ALONE.contains(new Relation.Named(schema, table));
    }

    /** Whether it is one of those tables, and its rows stand for something of the user's that is missing. */
    public static boolean lacksContent(Relation.Named table) {
        return WITHOUT_CONTENT.contains(table);
    }
}
