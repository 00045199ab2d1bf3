package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.ExtensionFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A verification runs no query of the archive that reaches another system, where that can be known, and says what it left out. */
class SkippedViewsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;
    private static TestDatabase outside;
    private static TestDatabase control;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        control = SERVER.createDatabase();
        outside = SERVER.createDatabase().run("CREATE TABLE public.visit (n int)");
        ExtensionFiles.install(outside, "pg_cron", ExtensionFiles.script("/supabase/extensions/pg_cron.sql"));
        String write = "public.dblink('host=127.0.0.1 port=" + outside.port() + " user=postgres password=any dbname="
                + outside.name() + "', 'INSERT INTO public.visit VALUES (1) RETURNING n')";
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE EXTENSION dblink",
                        "CREATE EXTENSION pg_cron",
                        "SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT 1')",
                        "CREATE VIEW public.jobs AS SELECT jobname FROM cron.job",
                        "COMMENT ON VIEW public.jobs IS 'of pg_cron'",
                        "CREATE MATERIALIZED VIEW public.by_dblink AS SELECT n FROM " + write + " AS t (n int)",
                        "CREATE FUNCTION public.write_outside() RETURNS int LANGUAGE plpgsql AS $$"
                                + "BEGIN RETURN (SELECT n FROM " + write + " AS t (n int)); END $$",
                        "CREATE FUNCTION public.indirectly() RETURNS int LANGUAGE sql AS 'SELECT public.write_outside()'",
                        "CREATE MATERIALIZED VIEW public.by_function AS SELECT public.indirectly() AS n",
                        "CREATE VIEW public.through AS SELECT n FROM public.by_dblink",
                        "CREATE MATERIALIZED VIEW public.of_another AS SELECT n FROM public.through",
                        "CREATE TABLE public.item (n int)",
                        "INSERT INTO public.item VALUES (1), (2)",
                        "CREATE MATERIALIZED VIEW public.plain AS SELECT sum(n) FROM public.item",
                        "CREATE SCHEMA reports",
                        "CREATE MATERIALIZED VIEW reports.\"Slow one\" AS SELECT 1 / (n - 1) AS n FROM public.item WITH NO DATA",
                        "DELETE FROM public.item WHERE n = 1",
                        "REFRESH MATERIALIZED VIEW reports.\"Slow one\"",
                        "CREATE UNIQUE INDEX ON reports.\"Slow one\" (n)",
                        "INSERT INTO public.item VALUES (1)",
                        "CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM public.write_outside(); END'",
                        "CREATE EVENT TRIGGER sv_tell ON ddl_command_end EXECUTE FUNCTION public.tell()");
        try (BactrianService service = BactrianService.start(SERVER.settings(source), control, store)) {
            key = service.goodBackUp().path("s3_key").asText();
        }
        outside.run("TRUNCATE public.visit");
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static Exchange verify(Map<String, String> own) throws Exception {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("VERIFY_DATABASE_URL", SERVER.createDatabase().url());
        try (Restoring restoring = Restoring.into(control, store, settings)) {
            Exchange ended = restoring.app().producer().send("direct:run-verify", exchange -> {
                exchange.setProperty("verifyId", UUID.randomUUID());
                exchange.setProperty("backup", key);
            });
            if (ended.getException() != null) {
                throw ended.getException();
            }
            assertThat(ended.getProperty("problem")).isNull();
            return ended;
        }
    }

    private static List<String> notProven(Exchange ended) {
        return ended.getProperty("run", RestoreRun.class).getReport().getNotProven().stream()
                .map(NotApplied::what)
                .toList();
    }

    @Test
    void viewsThatReachOtherSystemsArentFilledAndThatIsSaid() throws Exception {
        Exchange ended = verify(Map.of("VERIFY_SKIP_VIEWS", "reports.slow*, reports.\"Slow\"*"));

        assertThat(ended.getProperty("differences", List.class)).isEmpty();
        assertThat(notProven(ended))
                .contains(
                        "rows of materialized view \"public\".\"by_dblink\"",
                        "rows of materialized view \"public\".\"by_function\"",
                        "rows of materialized view \"public\".\"of_another\"",
                        "rows of materialized view \"reports\".\"Slow one\"",
                        "EXTENSION pg_cron",
                        "VIEW public.jobs",
                        "COMMENT public.VIEW jobs",
                        "sequence \"cron\".\"jobid_seq\"")
                .noneMatch(what -> what.contains("plain"));
        assertThat(outside.rowCounts()).containsEntry("public.visit", 0L);
    }

    /** One that isn't named is filled, and what goes wrong then is a difference. */
    @Test
    void anyOtherViewIsFilled() throws Exception {
        Exchange ended = verify(Map.of());

        assertThat(ended.getProperty("differences", List.class))
                .singleElement()
                .asString()
                .contains("Slow one", "division by zero");
        assertThat(outside.rowCounts()).containsEntry("public.visit", 0L);
    }

    @Test
    void theCommandSaysWhatIsntProven() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("VERIFY_DATABASE_URL", SERVER.createDatabase().url());
        settings.put("VERIFY_SKIP_VIEWS", "reports.*");
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run run = Run.bactrian(settings, "verify", key);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "proven: the restored data equals the saved data, except what is listed as not proven",
                        "Not proven   rows of materialized view \"public\".\"by_dblink\": Its query reaches other systems",
                        "Not proven   rows of materialized view \"reports\".\"Slow one\": VERIFY_SKIP_VIEWS names it");
        assertThat(outside.rowCounts()).containsEntry("public.visit", 0L);
    }
}
