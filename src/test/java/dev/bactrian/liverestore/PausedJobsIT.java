package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.PausedJob;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.ExtensionFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.UnpackedArchive;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No scheduler runs a job of the archive before a person has started it; then it runs in the target, not in the source. */
class PausedJobsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String JOBS =
            "SELECT concat_ws('|', jobid, jobname, schedule, nodename, nodeport - %d, database,"
                    + " username, active) FROM cron.job ORDER BY jobid";

    private static TestStore store;
    private static EmbeddedPostgres otherServer;
    private static TestDatabase other;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        otherServer = SERVER.start(0);
        other = new TestDatabase(otherServer.getPort(), "postgres")
                .run("CREATE DATABASE maintained", "CREATE ROLE pj_app LOGIN", "CREATE ROLE pj_group");
        SERVER.createDatabase()
                .run("DO $$ BEGIN CREATE ROLE pj_app LOGIN; CREATE ROLE pj_gone LOGIN; CREATE ROLE pj_group;"
                        + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        ExtensionFiles.install(
                SERVER.createDatabase(), "pg_cron", ExtensionFiles.script("/supabase/extensions/pg_cron.sql"));
        ExtensionFiles.install(other, "pg_cron", ExtensionFiles.script("/supabase/extensions/pg_cron.sql"));
        ExtensionFiles.install(
                SERVER.createDatabase(),
                "pgagent",
                "CREATE SCHEMA pgagent;" + ExtensionFiles.script("/liverestore/pgagent.sql")
                        + ExtensionFiles.script("/liverestore/pgagent-extension.sql"));
    }

    @AfterAll
    static void end() throws IOException {
        otherServer.close();
        store.close();
    }

    private static String backUp(TestDatabase source) {
        return BactrianService.backUp(SERVER, source, store);
    }

    private static Restoring.Result restore(TestDatabase target, String key, Option... options) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(Restoring.everything(key, options));
        }
    }

    private static List<PausedJob> paused(Restoring.Result result) {
        return result.run().getReport().getPaused();
    }

    private static List<String> jobs(TestDatabase database) {
        return database.jdbc().queryForList(JOBS.formatted(database.port()), String.class);
    }

    private static TestDatabase newTarget(String name) {
        other.run("CREATE DATABASE " + name + " TEMPLATE template0");
        return new TestDatabase(other.port(), name);
    }

    private static TestDatabase withCronJobs() {
        return SERVER.createDatabase()
                .run(
                        "CREATE TABLE public.t (n int)",
                        "CREATE EXTENSION pg_cron",
                        "SELECT cron.schedule('gone', '0 1 * * *', 'SELECT 1'), cron.unschedule(1)",
                        "SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT ''hush''')",
                        "SELECT cron.schedule('30 4 * * 0', 'SELECT 2')",
                        "SELECT cron.schedule('resting', '5 seconds', 'SELECT 3')",
                        "SELECT cron.alter_job(4, active := false)",
                        "SELECT cron.schedule_in_database('of app', '* * * * *', 'SELECT 4', current_database(), 'pj_app')",
                        "SELECT cron.schedule_in_database('elsewhere', '1 * * * *', 'VACUUM', 'postgres')",
                        "SELECT cron.schedule_in_database('of nobody', '1 * * * *', 'SELECT 5', current_database(), 'pj_gone')",
                        "SELECT cron.schedule('without login', '2 * * * *', 'SELECT 6')",
                        "UPDATE cron.job SET username = 'pj_group', jobname = NULL WHERE jobname = 'without login'");
    }

    @Test
    void jobsOfPgCronComeBackPausedAndAsTheTargetsOwn() {
        String key = backUp(withCronJobs());
        TestDatabase target = newTarget("shop");

        Restoring.Result result = restore(target, key, Option.SKIP_ROLES);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .as(result.told())
                .containsExactlyInAnyOrder("cron job \"of nobody\"", "cron job \"2 * * * *\" without a name");
        assertThat(jobs(target))
                .containsExactly(
                        "2|nightly|0 3 * * *|localhost|0|shop|postgres|f",
                        "3|30 4 * * 0|localhost|0|shop|postgres|f",
                        "4|resting|5 seconds|localhost|0|shop|postgres|f",
                        "5|of app|* * * * *|localhost|0|shop|pj_app|f",
                        "6|elsewhere|1 * * * *|localhost|0|postgres|postgres|f");
        assertThat(paused(result))
                .extracting(PausedJob::what)
                .containsExactly(
                        "cron job \"nightly\"",
                        "cron job \"30 4 * * 0\" without a name",
                        "cron job \"of app\" of role pj_app",
                        "cron job \"elsewhere\" in database postgres");
        assertThat(result.told() + paused(result)).doesNotContain("hush");

        target.run(paused(result).stream().map(PausedJob::sql).toArray(String[]::new));

        assertThat(target.jdbc().queryForList("SELECT jobid FROM cron.job WHERE active ORDER BY 1", Integer.class))
                .containsExactly(2, 3, 5, 6);
    }

    @Test
    void aJobThatIsThereStaysAsItIs() {
        String key = backUp(withCronJobs());
        TestDatabase target = newTarget("live")
                .run(
                        "CREATE TABLE public.t (n int)",
                        "CREATE EXTENSION pg_cron",
                        "SELECT cron.schedule('mine', '7 7 * * *', 'SELECT 7')",
                        "SELECT cron.schedule('of the target', '8 8 * * *', 'SELECT 8')",
                        "SELECT cron.schedule('nightly', '9 9 * * *', 'SELECT 9')");

        try (Restoring restoring = Restoring.into(target, store)) {
            for (int i = 0; i < 2; i++) {
                Restoring.Result result = restoring.run(Restoring.tables(key, List.of("cron.job"), Option.DATA_ONLY));
                assertThat(result.missing()).as(result.told() + paused(result)).hasSize(2);
                assertThat(result.outcome()).isEqualTo(i == 0 ? Outcome.PARTIAL : Outcome.FAILED);
                assertThat(paused(result)).hasSize(i == 0 ? 3 : 0);
            }
        }

        assertThat(jobs(target))
                .contains(
                        "1|mine|7 7 * * *|localhost|0|live|postgres|t",
                        "2|of the target|8 8 * * *|localhost|0|live|postgres|t",
                        "3|nightly|9 9 * * *|localhost|0|live|postgres|t",
                        "4|resting|5 seconds|localhost|0|live|postgres|f",
                        "5|of app|* * * * *|localhost|0|live|pj_app|f",
                        "6|elsewhere|1 * * * *|localhost|0|postgres|postgres|f",
                        "9|30 4 * * 0|localhost|0|live|postgres|f")
                .hasSize(7)
                .filteredOn(job -> job.endsWith("|t"))
                .hasSize(3);
        int next = target.jdbc().queryForObject("SELECT cron.schedule('0 0 * * *', 'SELECT 0')", Integer.class);
        assertThat(next).isGreaterThan(9);
    }

    @Test
    void jobsThatHaveNowhereToGoAreToldAndNothingElseIsLost() {
        String key = backUp(withCronJobs());
        TestDatabase target = SERVER.createDatabase().run("ALTER ROLE postgres SET cron.database_name = 'another'");
        try {
            Restoring.Result result = restore(target, key);

            assertThat(result.missing()).as(result.told()).contains("EXTENSION pg_cron", "cron jobs");
            assertThat(result.told()).contains("cron.database_name");
            assertThat(target.rowCounts()).containsEntry("public.t", 0L);
        } finally {
            target.run("ALTER ROLE postgres RESET cron.database_name");
        }
    }

    private static TestDatabase withAgentJobs(String... install) {
        return SERVER.createDatabase()
                .run(install)
                .run(
                        "INSERT INTO pgagent.pga_jobagent (jagpid, jagstation) VALUES (1, 'production')",
                        "INSERT INTO pgagent.pga_job (jobjclid, jobname, jobagentid, jobnextrun)"
                                + " VALUES (1, 'reports', 1, now() - interval '1 minute'), (1, 'copies', NULL, now())",
                        "INSERT INTO pgagent.pga_job (jobjclid, jobname, jobenabled) VALUES (2, 'resting', false)",
                        "INSERT INTO pgagent.pga_jobstep (jstjobid, jstname, jstkind, jstcode, jstdbname)"
                                + " VALUES (1, 'one', 's', 'SELECT 1', current_database()), (1, 'two', 's', 'SELECT 2', 'postgres')",
                        "INSERT INTO pgagent.pga_jobstep (jstjobid, jstname, jstkind, jstcode, jstconnstr)"
                                + " VALUES (2, 'copy', 's', 'SELECT 3', 'host=production password=hush')",
                        "INSERT INTO pgagent.pga_schedule (jscjobid, jscname) VALUES (1, 'always'), (2, 'always')");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jobsOfPgagentComeBackPausedHoweverItIsInstalled(boolean extension) {
        String key = backUp(
                extension
                        ? withAgentJobs("CREATE EXTENSION pgagent")
                        : withAgentJobs("CREATE SCHEMA pgagent", ExtensionFiles.script("/liverestore/pgagent.sql")));
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(target, key);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT concat_ws('|', jobname, jobenabled, jobagentid, jobnextrun) FROM pgagent.pga_job ORDER BY jobid",
                                String.class))
                .containsExactly("reports|f", "copies|f", "resting|f");
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT jstname || ' ' || jstdbname FROM pgagent.pga_jobstep ORDER BY 1", String.class))
                .containsExactly("copy ", "one " + target.name(), "two postgres");
        assertThat(paused(result))
                .extracting(PausedJob::what)
                .containsExactly("job \"reports\" of pgagent", "job \"copies\" of pgagent");
        assertThat(result.told())
                .contains("1 row of \"pgagent\".\"pga_jobstep\" names a server by its own connection string")
                .doesNotContain("hush");

        target.run(paused(result).stream().map(PausedJob::sql).toArray(String[]::new));

        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT count(*) FROM pgagent.pga_job WHERE jobenabled AND jobnextrun > now()",
                                Integer.class))
                .isEqualTo(2);
    }

    /** The steps of the archive's README.txt, with psql and pg_restore alone. */
    @Test
    void restoredByHandTheyArePausedToo() throws IOException {
        TestDatabase source = withCronJobs()
                .run(
                        "CREATE SCHEMA timetable",
                        "CREATE TABLE timetable.chain (chain_id bigserial PRIMARY KEY, chain_name text, live boolean)",
                        "INSERT INTO timetable.chain (chain_name, live) VALUES ('hourly', true)");
        // The first step brings roles, which other tests have the other server without.
        TestDatabase target = SERVER.createDatabase();
        UnpackedArchive archive = UnpackedArchive.of(SERVER, source);

        for (String command : archive.commands(UnpackedArchive.EVERYTHING)) {
            boolean mayComplain = command.contains("roles.sql") || command.startsWith("pg_restore");
            Run run = archive.run(target, command);
            assertThat(mayComplain || run.exit() == 0).as(command + run.err()).isTrue();
        }

        assertThat(jobs(target))
                .hasSize(7)
                .allMatch(job -> job.matches(".*\\|localhost\\|0\\|(" + target.name() + "|postgres)\\|.*\\|f"));
        assertThat(target.jdbc().queryForObject("SELECT live FROM timetable.chain", Boolean.class))
                .isFalse();
    }

    /** After ddl.sql of pg_timetable: the column live says whether a chain may run. */
    @Test
    void chainsOfPgTimetableComeBackPausedAndTablesOfThatNameAreNotTouched() {
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA timetable",
                        "CREATE TABLE timetable.chain (chain_id bigserial PRIMARY KEY, chain_name text NOT NULL UNIQUE,"
                                + " run_at text, live boolean DEFAULT false)",
                        "CREATE TABLE timetable.task (task_id bigserial PRIMARY KEY, chain_id bigint, database_connection text)",
                        "INSERT INTO timetable.chain (chain_name, live) VALUES ('hourly', true), ('resting', false)",
                        "INSERT INTO timetable.task (chain_id, database_connection) VALUES (1, 'host=production'), (1, NULL)",
                        "CREATE SCHEMA pgagent",
                        "CREATE TABLE pgagent.pga_job (jobenabled boolean)",
                        "INSERT INTO pgagent.pga_job VALUES (true)");
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(target, backUp(source));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM timetable.chain WHERE live", Integer.class))
                .isZero();
        assertThat(target.jdbc().queryForObject("SELECT jobenabled FROM pgagent.pga_job", Boolean.class))
                .isTrue();
        assertThat(paused(result))
                .containsExactly(new PausedJob(
                        "chain \"hourly\" of timetable", "UPDATE timetable.chain SET live = true WHERE chain_id = 1;"));
        assertThat(result.told()).contains("1 row of \"timetable\".\"task\" names a server");
    }
}
