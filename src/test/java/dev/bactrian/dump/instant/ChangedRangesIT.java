package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.faults.Scene;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done to a large table after some ranges of it were read, and before the others. */
class ChangedRangesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final TestDatabase SOURCE = SERVER.createDatabase();

    /** The step that comes before all others of a range. */
    private static final String NEXT = "begin-reading";

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                SOURCE.url(),
                "PG_BIN",
                SERVER.client().toString(),
                "BACKUP_PARALLELISM",
                "1",
                "BACKUP_SPLIT_ABOVE",
                "100KB"));
    }

    @AfterAll
    static void end() {
        scene.close();
    }

    private static void fill() {
        SOURCE.recreate()
                .run(
                        "CREATE TABLE large (id int PRIMARY KEY, note text)",
                        "INSERT INTO large SELECT n, md5(n::text) FROM generate_series(1, 5000) n",
                        "CREATE TABLE other (LIKE large)",
                        "INSERT INTO other SELECT n, 'other' FROM generate_series(1, 10) n");
    }

    /** Does it when the second range has been read, and nothing has begun for the third. */
    private static String backUpAround(String change) {
        AtomicInteger done = new AtomicInteger();
        scene.steps().reset();
        scene.steps()
                .once(NEXT, () -> scene.steps().once(NEXT, () -> scene.steps().once(NEXT, () -> {
                    // Until then what is renamed fails the backup for the sake of the definitions.
                    Awaitility.await("the definitions")
                            .until(() -> scene.steps().begun("add-schema-dump") > 0);
                    SOURCE.run(change.split(";"));
                    done.incrementAndGet();
                })));
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(done).hasValue(1);
        return id;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRUNCATE large | truncated",
                "DELETE FROM large; VACUUM FULL large | new file",
                "VACUUM FULL large | new file",
                "CLUSTER large USING large_pkey | new file",
                "ALTER TABLE large ALTER id TYPE bigint | large",
                "DROP TABLE large | dropped",
                "ALTER TABLE large RENAME TO old; ALTER TABLE other RENAME TO large; TRUNCATE old | large",
                "ALTER TABLE large DROP COLUMN note; ALTER TABLE large ADD COLUMN note text | note",
            })
    void whatParts(String change, String told) {
        fill();

        String id = backUpAround(change);

        scene.aftermath().assertNothingLeft(id, SOURCE, "large", told, "Start the backup again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE large SET note = 'new'",
                "DELETE FROM large WHERE id % 2 = 0; VACUUM large",
                "INSERT INTO large SELECT n, 'new' FROM generate_series(5001, 20000) n",
                "ALTER TABLE large ADD COLUMN more int",
                "ALTER TABLE large RENAME TO renamed",
                "ALTER TABLE large RENAME COLUMN note TO remark",
                "ALTER TABLE large RENAME note TO \"\\q :'lock_timeout' `id`\"",
                "ALTER TABLE large RENAME TO \"a:b \\echo\"",
                "ALTER TABLE large RENAME TO old; ALTER TABLE other RENAME TO large",
                "CREATE SCHEMA away; ALTER TABLE large SET SCHEMA away",
            })
    void whatDoesNot(String change) {
        fill();
        Long before = SOURCE.contentDigests().get("public.large");

        String id = backUpAround(change);

        scene.aftermath().assertSucceeded(id, SOURCE);
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, scene.store())) {
            Restoring.Result result = restoring.run(Restoring.everything(
                    String.valueOf(scene.aftermath().row(id).get("s3_key"))));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).containsEntry("public.large", before);
    }
}
