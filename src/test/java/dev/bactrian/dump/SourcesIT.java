package dev.bactrian.dump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and roles that give less than all: a standby, a role that reaches one database, large objects of others. */
class SourcesIT {

    private static final PostgresServer VERSION = PostgresServer.V15;

    private static TestStore store;
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        server = VERSION.start(0);
        postgres().run("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        store.close();
    }

    private static TestDatabase postgres() {
        return new TestDatabase(server.getPort(), "postgres");
    }

    private static TestDatabase database(String name, String encoding) {
        postgres()
                .run("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING '" + encoding
                        + "' LC_COLLATE 'C' LC_CTYPE 'C'");
        return new TestDatabase(server.getPort(), name);
    }

    /** Roles belong to the server, and pg_dumpall looks for them in postgres by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"SQL_ASCII", "LATIN1", "UTF8"})
    void aRoleThatReachesOneDatabaseIsEnough(String encoding) {
        TestDatabase source = database("only_" + encoding.toLowerCase(java.util.Locale.ROOT), encoding)
                .run("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)");
        String url = source.backupRole("reader_" + source.name(), "x");

        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", url, "PG_BIN", VERSION.client().toString()),
                PostgresServer.V17.createDatabase(),
                store)) {
            Manifest saved = service.manifest(service.goodBackUp().path("id").asText());

            assertThat(saved.totals().rows()).isEqualTo(1);
            assertThat(saved.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GRANT \"App s\" TO lo_reader",
                "GRANT SELECT ON LARGE OBJECT 4711 TO lo_reader",
                "GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC",
                "ALTER ROLE lo_reader SET lo_compat_privileges = on",
            })
    void largeObjectsOfOthersAreFoundBeforeAnythingIsRead(String remedy) {
        TestDatabase source = database("lo" + Math.abs(remedy.hashCode()), "UTF8");
        String url = source.backupRole("lo_reader", "x");
        postgres().run("DROP ROLE IF EXISTS \"App s\"", "CREATE ROLE \"App s\"");
        source.run("SET ROLE \"App s\"; SELECT lo_from_bytea(4711, 'x'); RESET ROLE");

        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", url, "PG_BIN", VERSION.client().toString()),
                PostgresServer.V17.createDatabase(),
                store)) {
            JsonNode refused = service.backUp();
            assertThat(refused.path("status").asText()).isEqualTo("failed");
            assertThat(refused.path("error_text").asText())
                    .contains("Cannot read 1 large object of role \"App s\"", "pg_read_all_data doesn't cover")
                    .contains("GRANT \"App s\" TO \"lo_reader\"")
                    .contains("GRANT SELECT ON LARGE OBJECT 4711 TO \"lo_reader\"")
                    .contains("BACKUP_LARGE_OBJECTS=false");

            source.run(remedy);

            Manifest saved = service.manifest(service.goodBackUp().path("id").asText());
            assertThat(saved.largeObjects()).isEqualTo(1);
        } finally {
            source.run(
                    "SELECT lo_unlink(4711)", "DROP OWNED BY lo_reader, \"App s\"", "ALTER ROLE lo_reader RESET ALL");
        }
    }

    @Test
    void aSettingLeavesLargeObjectsOutWhichIsSaid() {
        TestDatabase source = database("lo_left_out", "UTF8");
        String url = source.backupRole("lo_none", "x");
        source.run("CREATE TABLE t (i int)", "SELECT lo_from_bytea(4712, 'x')");

        try (BactrianService service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        url,
                        "PG_BIN",
                        VERSION.client().toString(),
                        "BACKUP_LARGE_OBJECTS_DEFAULT",
                        "false"),
                PostgresServer.V17.createDatabase(),
                store)) {
            Manifest saved = service.manifest(service.goodBackUp().path("id").asText());

            assertThat(saved.largeObjects()).isZero();
            assertThat(saved.leftOut())
                    .containsExactly(new LeftOut("large objects", "all", "BACKUP_LARGE_OBJECTS_DEFAULT=false"));
        }
    }

    /** A server in recovery without a primary: as far as its clients see, a standby. */
    @Test
    void aStandbyIsSavedWithoutWhatItDoesNotHave() throws IOException {
        Path data = BactrianService.temporaryFolder().resolve("data");
        int port = BactrianService.freePort();
        try (EmbeddedPostgres primary = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "off")
                .start()) {
            new TestDatabase(port, "postgres")
                    .run(
                            "CREATE TABLE t (id serial PRIMARY KEY)",
                            "INSERT INTO t DEFAULT VALUES",
                            "CREATE UNLOGGED TABLE \"Un logged\" (id serial PRIMARY KEY, i int GENERATED ALWAYS AS IDENTITY)",
                            "INSERT INTO \"Un logged\" DEFAULT VALUES",
                            "CREATE TABLE p (i int) PARTITION BY LIST (i)",
                            "CREATE UNLOGGED TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                            "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)",
                            "INSERT INTO p VALUES (1), (2), (2)",
                            "SELECT lo_from_bytea(0, 'x')");
        }
        Files.createFile(data.resolve("standby.signal"));
        try (EmbeddedPostgres standby = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setPort(port)
                        .start();
                BactrianService service = BactrianService.start(
                        Map.of(
                                "DATABASE_URL", new TestDatabase(standby.getPort(), "postgres").url(),
                                "PG_BIN", BactrianService.pg17().toString(),
                                "BACKUP_FORMATS", "tables,dump,sql"),
                        PostgresServer.V17.createDatabase(),
                        store)) {
            Manifest saved = service.manifest(service.goodBackUp().path("id").asText());

            assertThat(saved.totals().rows()).isEqualTo(3);
            assertThat(saved.sequences()).isEqualTo(1);
            assertThat(saved.largeObjects()).isEqualTo(1);
            assertThat(String.join("\n", saved.warnings()))
                    .contains("The rows of unlogged tables aren't in this backup")
                    .contains("\"public\".\"Un logged\"", "\"public\".\"p1\"")
                    .contains("The values of unlogged sequences")
                    .contains("\"public\".\"Un logged_id_seq\"", "\"public\".\"Un logged_i_seq\"");
            assertThat(saved.tables())
                    .filteredOn(table -> List.of("Un logged", "p1").contains(table.name()))
                    .hasSize(2)
                    .allMatch(table -> table.rows() == null && table.schemaEntry() != null);
        }
    }
}
