package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that refer to large objects find theirs, or it is told that they don't; no object of the target is ever changed. */
class LargeObjectReferencesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String DOCS = "app.docs";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = empty().run(
                        "SELECT lo_from_bytea(n, convert_to('saved ' || n, 'UTF8')) FROM generate_series(70001, 70010) n",
                        "SELECT lo_from_bytea(70011, decode(repeat('00ff5c27', 20000), 'hex'))",
                        "SELECT lo_create(70012)",
                        "COMMENT ON LARGE OBJECT 70001 IS 'the first'",
                        "INSERT INTO app.docs SELECT n, n, n FROM generate_series(70001, 70003) n",
                        "INSERT INTO app.docs VALUES (4, 70011, 70012), (5, NULL, 0)");
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static TestDatabase empty() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE DOMAIN app.lo AS oid",
                        "CREATE TABLE app.docs (id int, body oid, thumb app.lo)");
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(request);
        }
    }

    private static List<Long> objects(TestDatabase target) {
        return target.jdbc().queryForList("SELECT oid::bigint FROM pg_largeobject_metadata ORDER BY 1", Long.class);
    }

    private static String content(TestDatabase target, long object) {
        return target.jdbc().queryForObject("SELECT encode(lo_get(?::oid), 'escape')", String.class, object);
    }

    @Test
    void objectsThatStayBehindAreTold() {
        TestDatabase target = empty().run("SELECT lo_from_bytea(70002, 'of the target')");
        assertThat(restore(target, Restoring.tables(key, List.of(DOCS), Option.DATA_ONLY, Option.DRY_RUN))
                        .told())
                .contains("which aren't restored: column \"body\", \"thumb\" of \"app\".\"docs\"");

        Restoring.Result result = restore(target, Restoring.tables(key, List.of(DOCS), Option.DATA_ONLY));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told())
                .contains("4 numbers in column \"body\" of \"app\".\"docs\"")
                .contains("4 numbers in column \"thumb\" of \"app\".\"docs\"")
                .contains("The target has objects of 1 with these numbers")
                .contains("--large-objects");
        assertThat(objects(target)).containsExactly(70002L);
        assertThat(content(target, 70002)).isEqualTo("of the target");
    }

    @Test
    void theObjectsOfATablesRowsComeWithThem() {
        TestDatabase target = empty();

        Restoring.Result result =
                restore(target, Restoring.tables(key, List.of(DOCS), Option.DATA_ONLY, Option.LARGE_OBJECTS));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(objects(target)).containsExactly(70001L, 70002L, 70003L, 70011L, 70012L);
        assertThat(content(target, 70003)).isEqualTo("saved 70003");
        assertThat(target.jdbc().queryForObject("SELECT md5(lo_get(70011))", String.class))
                .isEqualTo(target.jdbc()
                        .queryForObject("SELECT md5(decode(repeat('00ff5c27', 20000), 'hex'))", String.class));
        assertThat(target.jdbc().queryForObject("SELECT obj_description(70001, 'pg_largeobject')", String.class))
                .isEqualTo("the first");
    }

    /** One that is the same is no conflict; one that isn't costs no other, and isn't touched. */
    @Test
    void numbersThatTheTargetHasAreComparedAndNeverMixedUp() {
        TestDatabase target = empty().run(
                        "SELECT lo_from_bytea(70001, 'saved 70001')",
                        "SELECT lo_from_bytea(70002, 'of the target')",
                        "SELECT lo_from_bytea(70003, 'saved 70003 and more')",
                        "SELECT lo_from_bytea(70012, 'x')");

        Restoring.Result result =
                restore(target, Restoring.tables(key, List.of(DOCS), Option.DATA_ONLY, Option.LARGE_OBJECTS));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .containsExactlyInAnyOrder("large object 70002", "large object 70003", "large object 70012");
        assertThat(result.told()).contains("Rows of the archive that refer to 70002 refer to that one");
        assertThat(content(target, 70002)).isEqualTo("of the target");
        assertThat(content(target, 70003)).isEqualTo("saved 70003 and more");
        assertThat(target.jdbc().queryForObject("SELECT length(lo_get(70011))", Integer.class))
                .isEqualTo(80_000);
    }

    @Test
    void oneEqualNumberDoesntCostAllOthersOfAWholeRestore() {
        TestDatabase target = SERVER.createDatabase().run("SELECT lo_from_bytea(70005, 'of the target')");

        Restoring.Result result = restore(target, Restoring.everything(key));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).containsExactly("large object 70005");
        assertThat(objects(target)).hasSize(12);
        assertThat(content(target, 70005)).isEqualTo("of the target");
        assertThat(content(target, 70010)).isEqualTo("saved 70010");
    }
}
