package dev.bactrian.restore.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server with room for few locks: what a restore does with many objects at once, it does some at a time. */
class BatchesIT {

    private static final int TABLES = 130;
    private static final int OBJECTS = 1500;

    private static final String COUNTS =
            "SELECT (SELECT count(*) FROM pg_largeobject_metadata) || ' ' || (SELECT count(*) FROM"
                    + " pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app') || ' ' || (SELECT count(*)"
                    + " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'app')";

    private static EmbeddedPostgres server;
    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("max_locks_per_transaction", "16")
                .setServerConfig("max_connections", "25")
                .setServerConfig("fsync", "off")
                .setRegisterShutdownHook(false)
                .start();
        store = TestStore.start();
        source = database("source")
                .run(
                        "CREATE SCHEMA app",
                        each(
                                TABLES,
                                "CREATE TABLE app.t%s (id serial PRIMARY KEY, v text); INSERT INTO app.t%1$s (v) VALUES (1)"),
                        each(
                                TABLES,
                                "CREATE FUNCTION app.f%s() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE SEQUENCE app.s%1$s;"
                                        + " CREATE TYPE app.e%1$s AS ENUM (); CREATE VIEW app.v%1$s AS SELECT * FROM app.t1"));
        for (int i = 0; i < OBJECTS; i += 100) {
            source.run("SELECT lo_from_bytea(0, '\\x01') FROM generate_series(1, 100)");
        }
        key = BactrianService.backUp(PostgresServer.V17, source, store);
    }

    @AfterAll
    static void end() throws IOException {
        store.close();
        server.close();
    }

    private static TestDatabase database(String name) {
        new TestDatabase(server.getPort(), "postgres").run("CREATE DATABASE " + name);
        return new TestDatabase(server.getPort(), name);
    }

    private static String each(int count, String sql) {
        return "DO $$ BEGIN FOR i IN 1.." + count + " LOOP EXECUTE format('" + sql
                + "', i); IF i % 20 = 0 THEN COMMIT; END IF; END LOOP; END $$";
    }

    private static String counts(TestDatabase database) {
        return database.jdbc().queryForObject(COUNTS, String.class);
    }

    @Test
    void allOfItIsProven() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("VERIFY_DATABASE_URL", new TestDatabase(server.getPort(), "postgres").url());
        settings.put("PG_BIN", PostgresServer.V15.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run run = Run.bactrian(settings, "verify", key);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    @Test
    void whatABrokenRestoreMadeIsUndoneAndNoneIsTakenForAnother() throws Exception {
        TestDatabase target = database("broken");
        try (Restoring restoring = Restoring.into(target, store)) {
            AdviceWith.adviceWith(
                    restoring.app().context(),
                    "load-large-objects",
                    route -> route.weaveById("load-objects").after().process(exchange -> {
                        throw new IllegalStateException("broken off");
                    }));
            assertThat(restoring.run(Restoring.everything(key)).outcome()).isEqualTo(Outcome.FAILED);
        }
        assertThat(counts(target)).startsWith(OBJECTS + " ");
        target.jdbc()
                .queryForList("SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 10) AS few");
        try (Restoring restoring = Restoring.into(target, store)) {

            Restoring.Result again = restoring.run(Restoring.everything(key));

            assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(counts(target)).isEqualTo(counts(source));
    }

    @Test
    void tablesThatMakeRoomGoSomeAtATime() {
        TestDatabase target = database("replaced");
        try (Restoring restoring = Restoring.into(target, store)) {
            assertThat(restoring
                            .run(Restoring.request(key, java.util.List.of("app"), java.util.List.of(), null))
                            .outcome())
                    .isEqualTo(Outcome.SUCCESS);
            target.run(
                    each(TABLES, "DROP VIEW app.v%s"),
                    "ALTER TABLE app.t2 ADD FOREIGN KEY (id) REFERENCES app.t120",
                    "ALTER TABLE app.t120 ADD FOREIGN KEY (id) REFERENCES app.t2",
                    "DELETE FROM app.t3");

            Restoring.Result result = restoring.run(Restoring.tables(
                    key,
                    java.util.stream.IntStream.rangeClosed(1, TABLES)
                            .mapToObj(i -> "app.t" + i)
                            .toList(),
                    Option.DROP_EXISTING));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM app.t3", Integer.class))
                .isEqualTo(1);
        assertThat(target.jdbc().queryForObject("SELECT to_regnamespace('bactrian_restore') IS NULL", Boolean.class))
                .isTrue();
    }
}
