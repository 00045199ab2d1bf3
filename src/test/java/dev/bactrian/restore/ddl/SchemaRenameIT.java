package dev.bactrian.restore.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A schema whose tables, columns and aliases are called as itself, printed by pg_dump and moved. */
class SchemaRenameIT {

    private static final String[] OBJECTS = {
        "CREATE SCHEMA app",
        "CREATE TYPE app.kind AS ENUM ('app', 'app.app')",
        "CREATE DOMAIN app.small AS int CHECK (VALUE < 10)",
        "CREATE TABLE app.app (id serial PRIMARY KEY, app app.kind DEFAULT 'app'::app.kind, at timestamptz, up int)",
        "CREATE TABLE app.\"Größe \"\"x\"\" '\" (id bigint GENERATED ALWAYS AS IDENTITY, app int REFERENCES app.app,"
                + " small app.small)",
        "CREATE TABLE app.parts (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE app.part PARTITION OF app.parts FOR VALUES FROM (0) TO (9)",
        "CREATE INDEX app_i ON app.parts (id)",
        "CREATE STATISTICS app.both ON id, app FROM app.app",
        "CREATE FUNCTION app.twice(app int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * app'",
        "CREATE FUNCTION app.kinds(app app.kind) RETURNS SETOF app.app LANGUAGE sql BEGIN ATOMIC"
                + " SELECT app.* FROM app.app WHERE app.app = kinds.app; END",
        "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
        "CREATE OPERATOR app.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.===))",
        "CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
        "CREATE COLLATION app.c (LOCALE = 'C')",
        "CREATE VIEW app.plain AS SELECT app.id, app.app FROM app.app",
        "CREATE VIEW app.joined AS SELECT app.id, app.twice(app.up) AS twice, (app.app)::text::app.kind AS kind, other.id AS o,"
                + " extract(year FROM app.at) AS year, app.up OPERATOR(app.===) other.small AS same, app.total(app.up) OVER w AS t"
                + " FROM app.app JOIN app.\"Größe \"\"x\"\" '\" other ON app.id = other.app LEFT JOIN app.parts ON parts.id = app.id, app.part"
                + " WHERE app.id IS DISTINCT FROM app.up AND app.id IN (SELECT app.app FROM app.\"Größe \"\"x\"\" '\" app)"
                + " AND EXISTS (SELECT FROM app.parts p WHERE p.id = app.id) AND app.app::text COLLATE app.c < 'x'"
                + " WINDOW w AS (PARTITION BY app.up ORDER BY app.id)",
        "CREATE MATERIALIZED VIEW app.cte AS WITH app AS (SELECT p.id FROM app.parts p) SELECT app.id, f.up FROM app,"
                + " LATERAL (SELECT a.up FROM app.app a WHERE a.id = app.id) f, app.kinds('app'::app.kind) k"
                + " UNION ALL SELECT id, id FROM app.part ORDER BY 1",
        "CREATE TRIGGER app BEFORE UPDATE OF app ON app.app FOR EACH ROW WHEN (old.app <> 'app.app'::app.kind)"
                + " EXECUTE FUNCTION app.touch()",
        "CREATE RULE app AS ON INSERT TO app.plain DO INSTEAD INSERT INTO app.parts SELECT app.id FROM app.app"
                + " WHERE app.id = new.id",
        "ALTER TABLE app.app ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY app ON app.app FOR SELECT USING (EXISTS (SELECT FROM app.\"Größe \"\"x\"\" '\" o WHERE o.app = app.id)"
                + " AND app.twice(up) > 1)",
        "COMMENT ON COLUMN app.app.app IS 'app.app'",
        "COMMENT ON SCHEMA app IS 'app'",
        "GRANT SELECT, UPDATE (app) ON app.app TO public",
        "GRANT USAGE ON SCHEMA app TO public",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO public",
        "CREATE PUBLICATION app FOR TABLE app.app, TABLES IN SCHEMA app"
    };

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void aSchemaComesBackUnderAnotherName(PostgresServer server) throws IOException {
        String saved = dump(server, server.createDatabase().run(OBJECTS));
        TestDatabase target = server.createDatabase();

        run(server, target, rename("app", "new \"ß\"", saved));

        assertThat(target.jdbc().queryForList("SELECT nspname FROM pg_namespace WHERE nspname = 'app'"))
                .isEmpty();
        target.run(
                "DROP PUBLICATION app",
                "ALTER SCHEMA \"new \"\"ß\"\"\" RENAME TO app",
                "CREATE PUBLICATION app FOR TABLE app.app, TABLES IN SCHEMA app");
        assertThat(dump(server, target)).isEqualTo(saved);
    }

    /** By psql: JDBC takes the statements of a BEGIN ATOMIC apart. */
    private static void run(PostgresServer server, TestDatabase database, String sql) throws IOException {
        Path file = Files.writeString(TemporaryFiles.file("renamed", ".sql"), sql);
        Run psql = Run.program(List.of(
                server.client().resolve("psql").toString(),
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--file=" + file,
                "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database.name()));
        assertThat(psql.exit()).as(psql.err()).isZero();
        Files.delete(file);
    }

    private static String dump(PostgresServer server, TestDatabase database) {
        Run dump = Run.program(List.of(
                server.client().resolve("pg_dump").toString(),
                "--schema-only",
                "--restrict-key=x",
                "-d",
                "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database.name()));
        assertThat(dump.exit()).as(dump.err()).isZero();
        return dump.out().replaceAll("(?m)^(\\\\(un)?restrict|SET transaction_timeout) .*\\n", "");
    }

    private static String rename(String from, String to, String sql) {
        String bytes = new String(sql.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String renamed = new SchemaRename(from, to, null).apply(bytes);
        return new String(renamed.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
