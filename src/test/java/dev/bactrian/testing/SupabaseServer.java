package dev.bactrian.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A server whose databases look like Supabase projects: the platform's roles, schemas and tables, which the role that
 * people work as neither owns nor may change.
 */
public final class SupabaseServer implements AutoCloseable {

    /** Stands for Supabase's role {@code postgres}, which is no superuser there. */
    public static final String OWNER = "project_owner";

    private static final String PASSWORD = "of-the-project";

    private final EmbeddedPostgres server;

    private SupabaseServer(EmbeddedPostgres server) {
        this.server = server;
    }

    public static SupabaseServer start() {
        SupabaseServer started = new SupabaseServer(PostgresServer.V17.start(0));
        started.superuser()
                .run(
                        "CREATE ROLE supabase_admin SUPERUSER",
                        "CREATE ROLE anon NOINHERIT",
                        "CREATE ROLE authenticated NOINHERIT",
                        "CREATE ROLE service_role NOINHERIT BYPASSRLS",
                        "CREATE ROLE authenticator NOINHERIT LOGIN",
                        "GRANT anon, authenticated, service_role TO authenticator",
                        "CREATE ROLE supabase_auth_admin CREATEROLE",
                        "CREATE ROLE supabase_storage_admin CREATEROLE",
                        "CREATE ROLE " + OWNER + " LOGIN CREATEDB CREATEROLE BYPASSRLS REPLICATION PASSWORD '"
                                + PASSWORD + "'",
                        "GRANT pg_read_all_data, supabase_storage_admin TO " + OWNER,
                        "GRANT anon, authenticated, service_role, authenticator TO " + OWNER + " WITH ADMIN OPTION");
        return started;
    }

    public TestDatabase superuser() {
        return new TestDatabase(server.getPort(), "postgres");
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

    /** A project as the platform makes it. */
    public TestDatabase project(String name) {
        superuser().run("CREATE DATABASE " + name + " OWNER " + OWNER);
        return new TestDatabase(server.getPort(), name)
                .run(
                        "CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin",
                        "CREATE SCHEMA storage AUTHORIZATION supabase_storage_admin",
                        "CREATE SCHEMA extensions",
                        "GRANT ALL ON SCHEMA public, extensions TO " + OWNER,
                        "GRANT USAGE ON SCHEMA public, auth, storage, extensions TO anon, authenticated, service_role, "
                                + OWNER,
                        "COMMENT ON SCHEMA auth IS 'the platform''s'",
                        "CREATE EXTENSION pgcrypto SCHEMA extensions",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE " + OWNER
                                + " IN SCHEMA public GRANT SELECT ON TABLES TO anon",
                        "SET ROLE supabase_auth_admin",
                        "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE RETURN NULL::uuid",
                        "COMMENT ON FUNCTION auth.uid() IS 'who asks'",
                        "CREATE TABLE auth.schema_migrations (version varchar(255) PRIMARY KEY)",
                        "INSERT INTO auth.schema_migrations VALUES ('1'), ('of " + name + "')",
                        "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text UNIQUE, raw_user_meta_data jsonb,"
                                + " confirmed_at timestamptz GENERATED ALWAYS AS (NULL::timestamptz) STORED)",
                        "CREATE TABLE auth.identities (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, identity_data jsonb)",
                        "CREATE TABLE auth.refresh_tokens (id bigserial PRIMARY KEY, token text, user_id uuid REFERENCES auth.users)",
                        "COMMENT ON TABLE auth.users IS 'Auth: Stores user login data within a secure schema.'",
                        "ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY",
                        "ALTER TABLE auth.identities ENABLE ROW LEVEL SECURITY",
                        "GRANT ALL ON ALL TABLES IN SCHEMA auth TO " + OWNER,
                        "GRANT ALL ON ALL SEQUENCES IN SCHEMA auth TO " + OWNER,
                        "SET ROLE supabase_storage_admin",
                        "CREATE TABLE storage.migrations (id int PRIMARY KEY, name text)",
                        "INSERT INTO storage.migrations VALUES (1, 'of " + name + "')",
                        "CREATE TABLE storage.buckets (id text PRIMARY KEY, name text UNIQUE, public boolean DEFAULT false)",
                        "CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets, name text, owner uuid)",
                        "CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column()",
                        "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY",
                        "RESET ROLE",
                        "CREATE PUBLICATION supabase_realtime",
                        "ALTER PUBLICATION supabase_realtime OWNER TO " + OWNER,
                        "SET ROLE supabase_admin",
                        "CREATE PUBLICATION platform_messages",
                        "CREATE FUNCTION extensions.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
                        "CREATE EVENT TRIGGER watch_ddl ON ddl_command_end EXECUTE FUNCTION extensions.watch()");
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
