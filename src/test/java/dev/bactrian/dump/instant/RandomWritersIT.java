package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.faults.Scene;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Backups of a database that others change all the time, held up by nothing: each shows one instant whole, or fails and
 * names what was changed. How many are made: {@code -Dbactrian.instant.backups}; what the writers do follows from
 * {@code -Dbactrian.instant.seed}.
 */
class RandomWritersIT {

    private static final int BACKUPS = Integer.getInteger("bactrian.instant.backups", 5);
    private static final long SEED = Long.getLong("bactrian.instant.seed", 20261129);
    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String SUCCESS = "success";
    /** Milliseconds between two changes of one writer, in turn: from a database under change to one that is nearly at rest. */
    private static final double[] PAUSES = {30, 200, 1000, 4000, 60_000};

    @Test
    void eachBackupShowsOneInstantOrNamesWhatWasChanged() throws Exception {
        Ends ends = backUp(changes("writers.sql", "bystanders.sql"), SEED);

        ends.print("under all changes");
        assertThat(ends.wrong()).isEmpty();
        assertThat(ends.right()).containsKey(SUCCESS);
    }

    @Test
    void noBackupFailsForWhatHarmsNothing() throws Exception {
        Ends ends = backUp(changes("bystanders.sql"), SEED + 1);

        ends.print("under harmless changes");
        assertThat(ends.wrong()).isEmpty();
        assertThat(ends.right()).isEqualTo(Map.of(SUCCESS, BACKUPS));
    }

    /**
     * How the backups ended.
     *
     * @param right how many ended well, and how many failed for which change
     * @param wrong what was wrong with others
     */
    private record Ends(Map<String, Integer> right, List<String> wrong) {

        void print(String how) {
            System.out.printf("%d backups %s: %s, %d wrong%n", BACKUPS, how, right, wrong.size());
        }
    }

    private static List<Change> changes(String... files) {
        return List.of(files).stream().flatMap(Change::of).toList();
    }

    private static Ends backUp(List<Change> changes, long seed) throws Exception {
        Ends ends = new Ends(new TreeMap<>(), new ArrayList<>());
        TestDatabase source = SERVER.createDatabase();
        try (Scene scene = Scene.start(Map.of(
                        "DATABASE_URL",
                        source.url(),
                        "PG_BIN",
                        SERVER.client().toString(),
                        "BACKUP_PARALLELISM",
                        "2",
                        "BACKUP_TABLES_PER_DUMP",
                        "3"));
                Target target = new Target(SERVER, scene.store());
                Writers writers = new Writers(source, changes, seed)) {
            for (int i = 0; i < BACKUPS; i++) {
                writers.pause(PAUSES[i % PAUSES.length]);
                long begin = writers.now();
                String id = scene.request("default");
                scene.awaitEnd(id);
                try {
                    ends.right().merge(judge(i, scene, id, begin, source, target, writers), 1, Integer::sum);
                } catch (AssertionError e) {
                    ends.wrong().add(e.getMessage());
                }
                writers.requireAllWell();
            }
        }
        return ends;
    }

    private static String judge(
            int number, Scene scene, String id, long begin, TestDatabase source, Target target, Writers writers) {
        Map<String, Object> row = scene.aftermath().row(id);
        if (SUCCESS.equals(row.get("status"))) {
            scene.aftermath().assertSucceeded(id, source);
            var restored = target.restore(String.valueOf(row.get("s3_key"))).jdbc();
            long tick = restored.queryForObject("SELECT tick FROM clock", Long.class);
            assertThat(Content.differences(writers.rowsAt(tick), Content.rows(restored)))
                    .as("backup %d and instant %d; since then: %s", number, tick, writers.changesSince(tick))
                    .isEmpty();
            return SUCCESS;
        }
        scene.aftermath().assertNothingLeft(id, source, "start the backup again");
        String text = String.valueOf(row.get("error_text"));
        List<Change> told = writers.changesSince(begin).stream()
                .filter(change -> change.isToldBy(text))
                .toList();
        assertThat(told)
                .as("backup %d: %s after %s", number, text, writers.changesSince(begin))
                .isNotEmpty();
        return "failed: " + told.get(0).name();
    }
}
