package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories of tables between two backups: each that is proved unchanged has the rows that it had. How many there are:
 * {@code -Dbactrian.unchanged.histories}; which: {@code -Dbactrian.unchanged.seed}. {@code bench/run unchanged} runs them all.
 */
class HistoriesIT {

    static final long SEED = Long.getLong("bactrian.unchanged.seed", 20261130);
    private static final int HISTORIES = Integer.getInteger("bactrian.unchanged.histories", 100);
    private static final int TABLES = 50;
    private static final int STATES_PER_SERVER = 40;

    @Test
    void whatIsProvedUnchangedIs() throws Exception {
        Tally tally = new Tally();
        for (int server = 0; tally.histories() < HISTORIES; server++) {
            go(PostgresServer.values()[(int) ((SEED + server) % PostgresServer.values().length)], SEED + server, tally);
        }
        System.out.println("unchanged: one server: " + tally);
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.unchanged()).isGreaterThan(tally.histories() / 10);
    }

    private static void go(PostgresServer version, long seed, Tally tally) throws Exception {
        Random random = new Random(seed);
        try (EmbeddedPostgres server =
                version.start(0, List.of("max_prepared_transactions", "100", "max_locks_per_transaction", "256"))) {
            TestDatabase database = new TestDatabase(server.getPort(), "postgres");
            try (RandomWork work = new RandomWork(database, Math.min(TABLES, HISTORIES), random)) {
                SavedSource earlier = SavedSource.of(database);
                for (int i = 1; i <= STATES_PER_SERVER && tally.histories() < HISTORIES; i++) {
                    work.end();
                    work.happens();
                    if (random.nextBoolean()) {
                        work.begin();
                    }
                    // Some things happen when the snapshot is there already, and the tables haven't been looked at.
                    boolean late = random.nextInt(4) == 0;
                    SavedSource.Compared compared =
                            SavedSource.since(earlier, database, database.url(), late ? work::happens : () -> {});
                    tally.add(earlier, compared, version + " seed " + seed + " state " + i);
                    earlier = compared.now();
                }
                assertThat(work.isWell()).as(work.toString()).isTrue();
            }
        }
    }
}
