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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows never go into a table that isn't any more what it was when they were saved. */
class DetachedPartitionIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        try (BactrianService service = BactrianService.start(target().url(), SERVER.createDatabase(), store)) {
            key = service.goodBackUp().path("s3_key").asText();
        }
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static TestDatabase target() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.events (day date, note text) PARTITION BY RANGE (day)",
                        "CREATE TABLE app.\"events 2025\" PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                        "CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                        "INSERT INTO app.events SELECT date '2025-06-01' + n, 'saved' FROM generate_series(0, 399) n",
                        "CREATE TABLE app.animal (name text)",
                        "CREATE TABLE app.dog (tail int) INHERITS (app.animal)",
                        "INSERT INTO app.dog VALUES ('rex', 1)",
                        "CREATE TABLE app.plain (day date, note text, extra int)",
                        "INSERT INTO app.plain VALUES ('2025-06-01', 'saved', 1)");
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(request);
        }
    }

    private static RestoreRequest rows(String... tables) {
        return Restoring.tables(key, List.of(tables), Option.DATA_ONLY, Option.TRUNCATE);
    }

    private static void assertRefused(TestDatabase target, RestoreRequest request, String... told) {
        Map<String, Long> before = target.contentDigests();
        Restoring.Result result = restore(target, request);
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("Nothing was changed").contains(told);
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    @Test
    void thoseThatAreTheSameAreReplaced() {
        TestDatabase target = target().run(
                        "UPDATE app.events SET note = 'newer'",
                        "CREATE TABLE app.events_2027 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
                        "INSERT INTO app.events VALUES ('2027-05-05', 'newer')");

        Restoring.Result result = restore(target, rows("app.events", "app.dog"));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc()
                        .queryForList("SELECT note || count(*) FROM app.events GROUP BY note ORDER BY 1", String.class))
                .containsExactly("newer1", "saved400");
        assertThat(result.told()).contains("\"app\".\"events_2027\" isn't in the archive: its rows stay");
    }

    @Test
    void aPartitionThatWasDetachedIsNotTakenForOne() {
        TestDatabase target = target().run(
                        "ALTER TABLE app.events DETACH PARTITION app.\"events 2025\"",
                        "UPDATE app.\"events 2025\" SET note = 'corrected in the books'");

        assertRefused(
                target,
                rows("app.events"),
                "\"app\".\"events 2025\" is no longer a partition of \"app\".\"events\"",
                "--into-schema");
        assertRefused(
                target,
                Restoring.request(key, List.of("app"), List.of(), null, Option.DATA_ONLY, Option.TRUNCATE),
                "is no longer a partition of");
        // Asked for by its name, it's that table that is meant.
        Restoring.Result named = restore(target, rows("app.events 2025"));
        assertThat(named.outcome()).as(named.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(named.told()).contains("its rows don't show there");
    }

    @Test
    void aTableThatIsAnothersPartitionByNowKeepsItsRows() {
        TestDatabase target = target().run(
                        "ALTER TABLE app.events DETACH PARTITION app.\"events 2025\"",
                        "CREATE TABLE app.books (day date, note text) PARTITION BY RANGE (day)",
                        "ALTER TABLE app.books ATTACH PARTITION app.\"events 2025\" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");

        assertRefused(target, rows("app.events"), "\"app\".\"events 2025\" is a partition of \"app\".\"books\" now");
        assertRefused(target, rows("app.events 2025"), "is a partition of \"app\".\"books\" now");

        TestDatabase attached = target().run(
                        "ALTER TABLE app.plain DROP extra",
                        "ALTER TABLE app.events DETACH PARTITION app.\"events 2025\"",
                        "ALTER TABLE app.events ATTACH PARTITION app.plain FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
        assertRefused(attached, rows("app.plain"), "\"app\".\"plain\" is a partition of \"app\".\"events\" now");
    }

    /** Bounds are the server's to check: no row gets where it doesn't belong, and what was there stays. */
    @Test
    void aPartitionWithOtherBoundsTakesNoRowsThatDontBelong() {
        TestDatabase target = target().run(
                        "ALTER TABLE app.events DETACH PARTITION app.\"events 2025\"",
                        "DELETE FROM app.\"events 2025\" WHERE day >= '2025-07-01'",
                        "ALTER TABLE app.events ATTACH PARTITION app.\"events 2025\" FOR VALUES FROM ('2025-01-01') TO ('2025-07-01')");

        Restoring.Result result = restore(target, rows("app.events"));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).containsExactly("rows of \"app\".\"events 2025\"");
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM app.\"events 2025\"", Integer.class))
                .isEqualTo(30);
    }

    @Test
    void otherKindsParentsAndColumnsAreNamed() {
        TestDatabase view = target().run(
                        "ALTER TABLE app.plain RENAME TO plain_stored",
                        "CREATE VIEW app.plain AS TABLE app.plain_stored");
        assertRefused(view, rows("app.plain"), "\"app\".\"plain\" is a view now");
        assertRefused(
                view,
                Restoring.tables(key, List.of("app.plain"), Option.DROP_EXISTING),
                "\"app\".\"plain\" is a view now");
        assertRefused(
                target().run("ALTER TABLE app.dog NO INHERIT app.animal"),
                rows("app.dog"),
                "\"app\".\"dog\" no longer inherits from a table");
        assertRefused(
                target().run("CREATE TABLE app.thing (day date)", "ALTER TABLE app.plain INHERIT app.thing"),
                rows("app.plain"),
                "\"app\".\"plain\" inherits from \"app\".\"thing\" now");
        assertRefused(
                target().run("ALTER TABLE app.plain RENAME extra TO other"),
                rows("app.plain", "app.dog"),
                "\"app\".\"plain\" no longer has column \"extra\"");
        assertRefused(
                target().run(
                                "ALTER TABLE app.events DETACH PARTITION app.events_2026",
                                "ALTER TABLE app.events DETACH PARTITION app.\"events 2025\"",
                                "DROP TABLE app.events",
                                "CREATE TABLE app.events (day date, note text)"),
                rows("app.events 2025", "app.events"),
                "\"app\".\"events\" is a table now");

        TestDatabase more = target().run("ALTER TABLE app.plain ADD since text DEFAULT 'then'");
        Restoring.Result result = restore(more, rows("app.plain"));
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).contains("get the default in \"since\"");
    }
}
