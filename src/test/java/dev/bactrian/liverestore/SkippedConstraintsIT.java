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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No restore leaves rows under a constraint that they break: not even where the server doesn't look while they load. */
class SkippedConstraintsIT {

    private static final PostgresServer SERVER = PostgresServer.V18;

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = shop();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    /** Rows that no constraint keeps from being doubled yet. */
    private static TestDatabase shop() {
        return SERVER.createDatabase()
                .run(
                        "CREATE EXTENSION btree_gist",
                        "CREATE SCHEMA app",
                        "CREATE COLLATION app.no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                        "CREATE TABLE app.\"Seats\" (id int NOT NULL, \"N\" int, code text, free int, t text COLLATE app.no_case)",
                        "INSERT INTO app.\"Seats\" SELECT n / 2, n % 3, 'c' || n, CASE WHEN n > 2 THEN n END, 't' || n"
                                + " FROM generate_series(1, 200) n",
                        "INSERT INTO app.\"Seats\" VALUES (1000, 1, 'C7', NULL, 'T7')",
                        "CREATE TABLE app.bookings (id int, room int, during tstzrange, \"To\" int, note text)",
                        "INSERT INTO app.bookings SELECT n, n % 10, tstzrange('2026-01-01'::timestamptz + n * '1 h'::interval,"
                                + " '2026-01-01'::timestamptz + (n + 11) * '1 h'::interval), n + 1, 'b' || n FROM generate_series(1, 200) n",
                        "CREATE TABLE app.parts (id int NOT NULL, k int NOT NULL, n int) PARTITION BY LIST (k)",
                        "CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES IN (1)",
                        "CREATE TABLE app.parts_2 PARTITION OF app.parts FOR VALUES IN (2)",
                        "INSERT INTO app.parts SELECT n / 2, 1, n FROM generate_series(1, 20) n",
                        "INSERT INTO app.parts SELECT n, 2, n FROM generate_series(1, 20) n");
    }

    private static final String SEATS = "app.\"Seats\"";
    private static final String BOOKINGS = "app.bookings";

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(SEATS, "UNIQUE (id) DEFERRABLE INITIALLY DEFERRED"),
                Arguments.of(SEATS, "UNIQUE (id) DEFERRABLE"),
                Arguments.of(SEATS, "PRIMARY KEY (id) DEFERRABLE"),
                Arguments.of(SEATS, "UNIQUE NULLS NOT DISTINCT (free) DEFERRABLE"),
                Arguments.of(SEATS, "UNIQUE (t) DEFERRABLE"),
                Arguments.of(SEATS, "EXCLUDE USING gist (id WITH =, \"N\" WITH <>) DEFERRABLE"),
                Arguments.of(SEATS, "EXCLUDE USING btree (lower(code) WITH =) DEFERRABLE INITIALLY DEFERRED"),
                Arguments.of(
                        SEATS,
                        "EXCLUDE USING btree (lower(code) COLLATE app.no_case WITH =) WHERE (id > 2) DEFERRABLE"),
                Arguments.of(SEATS, "EXCLUDE USING hash (t WITH =) DEFERRABLE"),
                Arguments.of(
                        BOOKINGS, "EXCLUDE USING gist (room WITH =, during WITH &&) DEFERRABLE INITIALLY DEFERRED"),
                Arguments.of(
                        BOOKINGS,
                        "EXCLUDE USING gist (int4range(id, \"To\", '[]') WITH &&) WHERE (room IN (1, 2)) DEFERRABLE"),
                Arguments.of(BOOKINGS, "UNIQUE (room, during WITHOUT OVERLAPS) DEFERRABLE"));
    }

    static Stream<Arguments> kept() {
        return Stream.of(
                Arguments.of(SEATS, "UNIQUE (id, code) DEFERRABLE INITIALLY DEFERRED"),
                Arguments.of(SEATS, "UNIQUE (free) DEFERRABLE"),
                Arguments.of(SEATS, "UNIQUE NULLS NOT DISTINCT (free, id, code) DEFERRABLE"),
                Arguments.of(SEATS, "EXCLUDE USING btree (code WITH =) DEFERRABLE"),
                Arguments.of(SEATS, "EXCLUDE USING btree (free WITH =) WHERE (id > 200) DEFERRABLE"),
                Arguments.of(
                        BOOKINGS,
                        "EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (id % 2 = 1 AND room = 1 AND id < 11) DEFERRABLE"),
                Arguments.of(
                        BOOKINGS, "EXCLUDE USING gist (int4range(id, \"To\") WITH &&) DEFERRABLE INITIALLY DEFERRED"),
                Arguments.of(BOOKINGS, "PRIMARY KEY (id, during WITHOUT OVERLAPS) DEFERRABLE"));
    }

    private static TestDatabase with(String table, String constraint) {
        return shop().run(
                        "CREATE TABLE app.one_row AS SELECT * FROM " + table + " LIMIT 1",
                        "DELETE FROM " + table,
                        "INSERT INTO " + table + " SELECT * FROM app.one_row",
                        "DROP TABLE app.one_row",
                        "ALTER TABLE " + table + " ADD CONSTRAINT \"must \"\"hold\"\" %s\" " + constraint);
    }

    private static Restoring.Result replace(TestDatabase target, String... tables) {
        return restore(target, Restoring.tables(key, List.of(tables), Option.DATA_ONLY, Option.TRUNCATE));
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        Map<String, String> settings = Map.of("PG_BIN", SERVER.client().toString());
        try (Restoring restoring = Restoring.into(target, store, settings)) {
            return restoring.run(request);
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void rowsThatBreakItAreNotStored(String table, String constraint) {
        TestDatabase target = with(table, constraint);
        Map<String, Long> before = target.contentDigests();

        Restoring.Result result = replace(target, table.replace("\"", ""));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("\"must \"\"hold\"\" %s\"");
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("kept")
    void rowsThatKeepItAreStored(String table, String constraint) {
        TestDatabase target = with(table, constraint);

        Restoring.Result result = replace(target, table.replace("\"", ""));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        // The server's own look at all rows.
        target.run("REINDEX TABLE " + table);
    }

    @Test
    void eachPartitionIsCheckedByItself() {
        TestDatabase target = shop().run(
                        "DELETE FROM app.parts",
                        "ALTER TABLE app.parts ADD CONSTRAINT \"must hold\" UNIQUE (id, k) DEFERRABLE INITIALLY DEFERRED");

        Restoring.Result result = replace(target, "app.parts");

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).containsExactly("rows of \"app\".\"parts_1\"");
        assertThat(result.told()).contains("parts_1_id_k_key");
        assertThat(target.rowCounts()).containsEntry("app.parts_1", 0L).containsEntry("app.parts_2", 20L);
    }

    /** They join tables that come back one after another: what refers to nothing is listed when all are there. */
    @Test
    void foreignKeysAreCheckedInBothDirections() {
        TestDatabase target = shop().run(
                        "CREATE TABLE app.halls (id int PRIMARY KEY)",
                        "INSERT INTO app.halls SELECT generate_series(0, 8)",
                        "UPDATE app.bookings SET room = 1",
                        "ALTER TABLE app.bookings ADD CONSTRAINT to_hall FOREIGN KEY (room) REFERENCES app.halls",
                        "ALTER TABLE app.bookings ADD UNIQUE (id), ADD CONSTRAINT \"during\" UNIQUE (id, during)",
                        "CREATE TABLE app.guests (booking int CONSTRAINT to_booking REFERENCES app.bookings (id))",
                        "INSERT INTO app.bookings VALUES (5000, 1)",
                        "INSERT INTO app.guests VALUES (5), (5000)");

        Restoring.Result result = replace(target, BOOKINGS);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .containsExactlyInAnyOrder(
                        "foreign key to_hall of \"app\".\"bookings\"", "foreign key to_booking of \"app\".\"guests\"");
        assertThat(result.told()).contains("20 rows refer").contains("1 row refers");
    }

    /** Of a table that comes back, and is attached to one that is there. */
    @Test
    void foreignKeysOfAPartitionThatComesBackAreChecked() {
        TestDatabase target = shop().run(
                        "DELETE FROM app.parts",
                        "CREATE TABLE app.halls (id int PRIMARY KEY)",
                        "ALTER TABLE app.parts ADD CONSTRAINT to_hall FOREIGN KEY (id) REFERENCES app.halls",
                        "DROP TABLE app.parts_2");

        Restoring.Result result = restore(target, Restoring.tables(key, List.of("app.parts_2")));

        assertThat(result.missing()).as(result.told()).containsExactly("foreign key to_hall of \"app\".\"parts\"");
        assertThat(target.rowCounts()).containsEntry("app.parts_2", 20L);
    }
}
