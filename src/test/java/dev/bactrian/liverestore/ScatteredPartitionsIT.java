package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Partitions by the hash of an enum, whose rows belong into other ones in each database: into tables that are there, and in parts. */
class ScatteredPartitionsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String ALL = "SELECT t::text FROM app.ev t ORDER BY 1";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;
    private static List<String> rows;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = tables().run(
                        "INSERT INTO app.ev SELECT g, (enum_range(NULL::app.mood))[1 + g % 4], 'saved' FROM generate_series(1, 200) g");
        rows = source.jdbc().queryForList(ALL, String.class);
        key = backUp(Map.of()).key();
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private record Saved(String key, Manifest manifest) {}

    private static Saved backUp(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SERVER.settings(source));
        all.putAll(settings);
        try (BactrianService service = BactrianService.start(all, SERVER.createDatabase(), store)) {
            var row = service.goodBackUp();
            return new Saved(
                    row.path("s3_key").asText(), service.manifest(row.path("id").asText()));
        }
    }

    /** Of which each database has labels with oids of its own. */
    private static TestDatabase tables() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TYPE app.mood AS ENUM ('a', 'b', 'c', 'd')",
                        "CREATE TABLE app.ev (i int, k app.mood, note text, UNIQUE (i, k) DEFERRABLE) PARTITION BY HASH (k)",
                        "CREATE TABLE app.ev0 PARTITION OF app.ev FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                        "CREATE TABLE app.ev1 PARTITION OF app.ev FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "CREATE FUNCTION app.loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'changed'; RETURN NEW; END $$",
                        "CREATE TRIGGER loud BEFORE INSERT ON app.ev FOR EACH ROW EXECUTE FUNCTION app.loud()",
                        "ALTER TABLE app.ev DISABLE TRIGGER loud",
                        "ALTER TABLE app.ev0 DISABLE TRIGGER loud",
                        "ALTER TABLE app.ev1 DISABLE TRIGGER loud");
    }

    private static Restoring.Result restore(TestDatabase target, dev.bactrian.restore.RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(request);
        }
    }

    @Test
    void rowsThatAreThereAreReplacedAndTriggersKeepQuiet() {
        TestDatabase target = tables().run(
                        "INSERT INTO app.ev SELECT g, 'a', 'newer' FROM generate_series(1, 9) g",
                        "ALTER TABLE app.ev ENABLE TRIGGER loud",
                        "ALTER TABLE app.ev0 ENABLE ALWAYS TRIGGER loud",
                        "ALTER TABLE app.ev1 ENABLE TRIGGER loud");

        Restoring.Result result =
                restore(target, Restoring.tables(key, List.of("app.ev"), Option.DATA_ONLY, Option.TRUNCATE));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc().queryForList(ALL, String.class)).isEqualTo(rows);
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT tgrelid::regclass::text || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
                                String.class))
                .containsExactly("app.ev O", "app.ev0 A", "app.ev1 O");
    }

    @Test
    void rowsThatAreThereAreNotMixedUp() {
        TestDatabase target = tables().run("INSERT INTO app.ev VALUES (1, 'a', 'newer')");

        Restoring.Result result = restore(target, Restoring.tables(key, List.of("app.ev"), Option.DATA_ONLY));

        assertThat(result.told()).contains("The target has \"app\".\"ev\" already", "Nothing was changed");
    }

    @Test
    void onePartitionAloneIsRefusedWithTheTableThatHasItsRows() {
        Restoring.Result result = restore(tables(), Restoring.tables(key, List.of("app.ev0"), Option.DATA_ONLY));

        assertThat(result.told())
                .contains(
                        "The rows of \"app\".\"ev0\" are saved together with all others of \"app\".\"ev\"",
                        "Nothing was changed");
    }

    @Test
    void anotherSchemaGetsThemToo() {
        TestDatabase target =
                SERVER.createDatabase().run("CREATE SCHEMA app", "CREATE TYPE app.mood AS ENUM ('d', 'c', 'b', 'a')");

        Restoring.Result result = restore(target, Restoring.request(key, List.of("app"), List.of(), "other"));
        assertThat(target.jdbc().queryForList(ALL.replace("app.", "other."), String.class))
                .as(result.told())
                .isEqualTo(rows);
    }

    @Test
    void theirDataFileLoadsByHand() throws Exception {
        Path folder = BactrianService.temporaryFolder();
        Files.move(store.download(key), folder.resolve("archive.zip"));
        TestDatabase target = tables();

        Run run = Run.shell(
                folder,
                Map.of("PGPASSWORD", "any"),
                "unzip -p archive.zip db/app/tables/ev/data.sql > data.sql && "
                        + BactrianService.pg17().resolve("psql") + " -q -X -v ON_ERROR_STOP=1 -f data.sql '"
                        + target.url() + "'");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(target.jdbc().queryForList(ALL, String.class)).isEqualTo(rows);
    }

    @Test
    void whatIsLeftOutOfThemStaysOut() {
        Saved saved = backUp(Map.of("BACKUP_EXCLUDE_TABLE_DATA", "app.ev1"));
        long of = source.jdbc().queryForObject("SELECT count(*) FROM app.ev0", Long.class);
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(target, Restoring.everything(saved.key()));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(saved.manifest().totals().rows()).isEqualTo(of);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM app.ev", Long.class))
                .isEqualTo(of);
    }

    @Test
    void aPartitionSavedWithoutItsTableIsATableOfItsOwn() {
        String alone;
        try (BactrianService service = BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            var row = service.awaitEnd(service.request("{\"tables\": [\"app.ev0\"]}"));
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            alone = row.path("s3_key").asText();
        }
        TestDatabase target =
                SERVER.createDatabase().run("CREATE SCHEMA app", "CREATE TYPE app.mood AS ENUM ('d', 'c', 'b', 'a')");

        Restoring.Result result = restore(target, Restoring.tables(alone, List.of("app.ev0")));

        assertThat(target.jdbc().queryForList("SELECT t::text FROM app.ev0 t ORDER BY 1", String.class))
                .as(result.told())
                .isEqualTo(source.jdbc().queryForList("SELECT t::text FROM app.ev0 t ORDER BY 1", String.class));
    }
}
