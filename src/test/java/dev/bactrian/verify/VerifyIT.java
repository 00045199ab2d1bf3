package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.verify.Difference;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backup is proven by a restore into a scratch database, and whatever isn't as it was is found there. */
class VerifyIT {

    private static TestStore store;
    private static EmbeddedPostgres other;
    private static TestDatabase server;
    private static TestDatabase control;
    private static String key;

    @BeforeAll
    static void backUp() throws IOException {
        store = TestStore.start();
        other = PostgresServer.V17.start(0);
        server = new TestDatabase(other.getPort(), "postgres");
        control = PostgresServer.V17.createDatabase();
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "DO $$ BEGIN CREATE ROLE vt_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "CREATE TABLE public.item (id int PRIMARY KEY, name text NOT NULL)",
                        "INSERT INTO public.item SELECT n, 'n' || n FROM generate_series(1, 100) n",
                        "CREATE INDEX item_name ON public.item (name)",
                        "CREATE TABLE public.item_without_key AS SELECT 1 AS n",
                        "ALTER TABLE public.item ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY all_items ON public.item TO vt_reader USING (id > 0)",
                        "GRANT SELECT ON public.item TO vt_reader",
                        "CREATE SEQUENCE public.alone",
                        "SELECT lo_from_bytea(4711, 'x')");
        key = backUp(source).path("s3_key").asText();
    }

    private static JsonNode backUp(TestDatabase source) {
        try (BactrianService service = BactrianService.start(source.url(), control, store)) {
            return service.goodBackUp();
        }
    }

    @AfterAll
    static void end() throws IOException {
        other.close();
        store.close();
    }

    private static List<Map<String, Object>> traces() {
        return server.jdbc()
                .queryForList("SELECT datname FROM pg_database WHERE datname LIKE 'bactrian%' UNION ALL"
                        + " SELECT rolname FROM pg_roles WHERE rolname ~ '^(rt|vt)'");
    }

    @Test
    void aGoodBackupIsProvenAndTheHistorySaysSo() {
        String id = backUp(EveryKind.in(PostgresServer.V17)).path("id").asText();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("VERIFY_DATABASE_URL", server.url());
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("PG_BIN", PostgresServer.V17.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run run = Run.bactrian(settings, "verify", id);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("proven");
        assertThat(control.jdbc()
                        .queryForObject(
                                "SELECT verified_at IS NOT NULL FROM backup_history WHERE id = '" + id + "'",
                                Boolean.class))
                .isTrue();
        assertThat(traces()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE public.item SET name = 'changed' WHERE id = 50 | item",
                "DELETE FROM public.item WHERE id = 7 | item",
                "INSERT INTO public.item_without_key VALUES (1) | item_without_key",
                "DROP INDEX public.item_name | item_name",
                "DROP POLICY all_items ON public.item | all_items",
                "SELECT setval('public.alone', 900) | alone",
                "REVOKE ALL ON public.item FROM vt_reader | item",
                "SELECT lo_unlink(4711) | large objects"
            })
    void whateverDiffersIsFoundAndNamed(String sql, String name) throws Exception {
        try (Restoring restoring = Restoring.into(server, store, Map.of("VERIFY_DATABASE_URL", server.url()))) {
            CamelContext context = restoring.app().context();
            AdviceWith.adviceWith(context, "verify-in-scratch", route -> route.weaveById("phase-comparing")
                    .after()
                    .process(exchange -> damage(exchange, sql)));

            Exchange ended = verify(restoring);

            assertThat(ended.getProperty("problem", Problem.class)).isNull();
            assertThat(differences(ended)).isNotEmpty().allSatisfy(difference -> assertThat(difference.text())
                    .contains(name));
        }
        assertThat(traces()).isEmpty();
    }

    @Test
    void whatADeadOneLeftGoesAndWhatAnotherJustMadeStays() throws Exception {
        String dead = "bactrian_verify_" + "d".repeat(32);
        String alive = "bactrian_verify_" + "a".repeat(32);
        server.run("CREATE DATABASE " + dead, "CREATE DATABASE " + alive);
        try (Restoring restoring = Restoring.into(server, store, Map.of("VERIFY_DATABASE_URL", server.url()));
                Connection other = server.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended('" + alive + "', 0))");

            verify(restoring);

            assertThat(traces()).extracting("datname").containsExactly(alive);
        } finally {
            server.run("DROP DATABASE " + alive);
        }
    }

    /** As docs/restoring.md advises: it can't reach out by means that only a superuser has. */
    @Test
    void aRoleWithoutSuperuserProvesAllButOwnersAndGrants() throws Exception {
        server.run("CREATE ROLE plain_verifier LOGIN CREATEDB CREATEROLE PASSWORD 'of the verifier'");
        String url = server.url("plain_verifier", "of%20the%20verifier");
        try (Restoring restoring = Restoring.into(server, store, Map.of("VERIFY_DATABASE_URL", url))) {
            Exchange ended = verify(restoring);

            assertThat(ended.getProperty("problem", Problem.class)).isNull();
            assertThat(differences(ended)).isEmpty();
            assertThat(ended.getProperty("run", RestoreRun.class).getReport().getNotProven())
                    .extracting(NotApplied::what)
                    .containsExactly("owners and grants");
        }
        assertThat(traces()).isEmpty();
    }

    private static void damage(Exchange exchange, String sql) throws Exception {
        RestoreRun run = exchange.getProperty("run", RestoreRun.class);
        try (Connection connection = Target.connect(run.getDatabase().url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Exchange verify(Restoring restoring) throws Exception {
        Exchange ended = restoring.app().producer().send("direct:run-verify", exchange -> {
            exchange.setProperty("verifyId", UUID.randomUUID());
            exchange.setProperty("backup", key);
        });
        if (ended.getException() != null) {
            throw ended.getException();
        }
        return ended;
    }

    @SuppressWarnings("unchecked")
    private static List<Difference> differences(Exchange ended) {
        return ended.getProperty("differences", List.class);
    }
}
