package dev.bactrian.testing.supabase;

import dev.bactrian.testing.servers.ExtensionFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A server whose databases look like Supabase projects: the platform's roles, schemas, tables, extensions and event
 * triggers, which the role that people work as neither owns nor may change. The SQL lies in
 * {@code src/test/resources/supabase}.
 */
public final class SupabaseServer implements AutoCloseable {

    /** Who people log in as, with a password; no superuser. */
    public static final String OWNER = "postgres";

    /** The platform's own superuser, who needs no password here. */
    public static final String ADMIN = "supabase_admin";

    public static final String PASSWORD = "of-the-project";

    private static final String TEMPLATE = "project_template";
    private static final String FOLDER = "/supabase/";

    /** Extensions that only the platform has, and stand-ins for them here. */
    private static final List<String> EXTENSIONS = List.of("pg_cron", "pg_net", "pg_graphql", "supabase_vault");

    private final EmbeddedPostgres server;

    private SupabaseServer(EmbeddedPostgres server) {
        this.server = server;
    }

    public static SupabaseServer start() {
        return start(PostgresServer.V17);
    }

    /** Starts one of the version's server; {@code session_replication_role} may be set there, as on the platform. */
    public static SupabaseServer start(PostgresServer version) {
        SupabaseServer started = new SupabaseServer(version.start(0));
        try {
            started.makeRoles();
            started.installExtensions();
            started.makeTemplate();
        } catch (SQLException | IOException e) {
            started.close();
            throw new IllegalStateException(e);
        }
        return started;
    }

    /** The bootstrap superuser is supabase_admin there; it can't be renamed by itself. */
    private void makeRoles() throws SQLException, IOException {
        String address = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
        try (Connection bootstrap = DriverManager.getConnection(address, "postgres", "");
                Statement statement = bootstrap.createStatement()) {
            statement.execute("CREATE ROLE renamer SUPERUSER LOGIN PASSWORD 'renamer'");
            try (var file = statement.executeQuery("SHOW hba_file")) {
                file.next();
                Files.writeString(Path.of(file.getString(1)), PostgresServer.access(ADMIN));
            }
        }
        try (Connection renamer = DriverManager.getConnection(address, "renamer", "renamer");
                Statement statement = renamer.createStatement()) {
            statement.execute("ALTER ROLE postgres RENAME TO " + ADMIN);
            // The service's own, two minutes: what works for long must lift it.
            statement.execute("ALTER SYSTEM SET statement_timeout = '2min'");
            statement.execute("SELECT pg_reload_conf()");
        }
        superuser()
                .run(
                        "DROP ROLE renamer",
                        script("roles.sql"),
                        "ALTER ROLE " + OWNER + " PASSWORD '" + PASSWORD + "'",
                        "GRANT SET ON PARAMETER session_replication_role TO " + OWNER);
    }

    private void installExtensions() {
        for (String extension : EXTENSIONS) {
            ExtensionFiles.install(superuser(), extension, script("extensions/" + extension + ".sql"));
        }
    }

    private void makeTemplate() {
        superuser().run("CREATE DATABASE " + TEMPLATE + " TEMPLATE template0 ENCODING 'UTF8'");
        new TestDatabase(server.getPort(), TEMPLATE, ADMIN)
                .run(
                        script("project.sql"),
                        "SET ROLE supabase_auth_admin",
                        script("auth.sql"),
                        "SET ROLE supabase_storage_admin",
                        script("storage.sql"),
                        "RESET ROLE",
                        script("webhooks.sql"));
    }

    private static String script(String name) {
        return ExtensionFiles.script(FOLDER + name);
    }

    public TestDatabase superuser() {
        return new TestDatabase(server.getPort(), "postgres", ADMIN);
    }

    /** Whether people may set {@code session_replication_role}, as they may in Supabase's projects. */
    public void allowReplicaRole(boolean allowed) {
        superuser()
                .run((allowed ? "GRANT" : "REVOKE") + " SET ON PARAMETER session_replication_role "
                        + (allowed ? "TO " : "FROM ") + OWNER);
    }

    /** The URL that people have. */
    public static String url(TestDatabase database) {
        return database.url(OWNER, PASSWORD);
    }

    /** An empty project as the platform makes it. Its services' own tables tell which project they are of. */
    public TestDatabase project(String name) {
        superuser().run("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE + " STRATEGY file_copy OWNER " + OWNER);
        return new TestDatabase(server.getPort(), name, ADMIN)
                .run(
                        "INSERT INTO auth.schema_migrations VALUES ('of " + name + "')",
                        "INSERT INTO storage.migrations VALUES (1000, 'of " + name + "', 'd4')",
                        "INSERT INTO realtime.schema_migrations VALUES (length('" + name + "'), now())",
                        "INSERT INTO supabase_functions.migrations VALUES ('of " + name + "')");
    }

    /** An empty project whose services are some versions behind: it lacks columns and tables. */
    public TestDatabase olderProject(String name) {
        return project(name).run(script("older.sql"));
    }

    /** Puts a user's content into a project: users, files' rows, tables, policies, jobs, secrets, a webhook. */
    public TestDatabase fill(TestDatabase project) {
        run(project, script("content.sql"));
        return project.run(script("content-of-services.sql"));
    }

    /** Runs statements as the people do whose project it is. */
    public static void run(TestDatabase project, String... statements) {
        String address = "jdbc:postgresql://127.0.0.1:" + project.port() + "/" + project.name();
        try (Connection connection = DriverManager.getConnection(address, OWNER, PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
