package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.Workers;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How far a database is, and how many tables at once that is worth. */
class DistanceIT {

    private static final int OTHERS = 5;

    private final TestDatabase database = PostgresServer.V17.createDatabase();

    @Test
    void nearADatabaseTheCoresDecide() throws Exception {
        BackupRun run = choose(new Workers(2, 8), database.url());

        assertThat(run.getWorkers()).isEqualTo(2);
        assertThat(run.getRoundTrip()).isLessThan(Duration.ofMillis(5));
    }

    @Test
    void farAwayThereAreMore() throws Exception {
        try (Relay relay = away(20)) {
            BackupRun run = choose(new Workers(2, 8), through(relay, database.url()));

            assertThat(run.getWorkers()).isBetween(6, 8);
            assertThat(run.getRoundTrip()).isBetween(Duration.ofMillis(20), Duration.ofMillis(60));
        }
    }

    @Test
    void aNumberThatWasSetWins() throws Exception {
        try (Relay relay = away(20)) {
            assertThat(choose(Workers.fixed(3), through(relay, database.url())).getWorkers())
                    .isEqualTo(3);
        }
    }

    @Test
    void neverMoreThanTheServerHasRoomFor() throws Exception {
        String role = database.backupRole("far_away", "hush");
        database.run("ALTER ROLE far_away CONNECTION LIMIT 10");
        try (Relay relay = away(50)) {
            assertThat(choose(new Workers(2, 8), through(relay, role)).getWorkers())
                    .as("one of ten is connected, and %d are for others", OTHERS)
                    .isEqualTo(4);
            database.run("ALTER ROLE far_away CONNECTION LIMIT 3");
            assertThat(choose(new Workers(2, 8), through(relay, role)).getWorkers())
                    .as("no fewer than near the database")
                    .isEqualTo(2);
        }
    }

    private Relay away(int milliseconds) {
        Relay relay = Relay.to(database.port());
        relay.delay(Duration.ofMillis(milliseconds));
        return relay;
    }

    private String through(Relay relay, String url) {
        return url.replace(":" + database.port() + "/", ":" + relay.port() + "/");
    }

    private static BackupRun choose(Workers workers, String address) throws Exception {
        DatabaseUrl url = DatabaseUrl.parse(address);
        BackupRun run = BackupRun.trial(new Database("default", url));
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties())) {
            Distance.choose(run, workers, connection, OTHERS);
        }
        return run;
    }
}
