package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Far from a database, more tables are read and loaded at once, unless a number was set. */
class FarAwayIT {

    private static final Duration AWAY = Duration.ofMillis(30);
    private static final int TABLES = 20;
    private static final int NEAR = Math.min(4, Runtime.getRuntime().availableProcessors());
    private static final int FAR = Math.min(8, NEAR + 6);
    /** The snapshot, what looks for changes, definitions, roles. */
    private static final int NEXT_TO_THEM = 4;

    @Test
    void moreTablesAtOnceUnlessANumberWasSet() {
        TestDatabase database = PostgresServer.V17.createDatabase();
        IntStream.range(0, TABLES)
                .forEach(n -> database.run("CREATE TABLE t" + n + " AS SELECT generate_series(1, 10) AS id"));
        try (TestStore store = TestStore.start();
                Relay relay = Relay.to(database.port())) {
            relay.delay(AWAY);
            String far = database.url().replace(":" + database.port() + "/", ":" + relay.port() + "/");

            assertThat(connections(relay, Map.of("DATABASE_URL", far), store)).isGreaterThanOrEqualTo(FAR + 2);
            assertThat(connections(relay, Map.of("DATABASE_URL", far, "BACKUP_PARALLELISM", "1"), store))
                    .isLessThanOrEqualTo(1 + NEXT_TO_THEM);

            assertThat(restoreWorkers(far, Map.of(), store)).isEqualTo(FAR);
            assertThat(restoreWorkers(far, Map.of("BACKUP_PARALLELISM", "3"), store))
                    .isEqualTo(3);
        }
    }

    /** The most that one backup has at once. */
    private static int connections(Relay relay, Map<String, String> own, TestStore store) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("BACKUP_TABLES_PER_DUMP", "1");
        try (BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            relay.forgetMost();
            JsonNode row = service.goodBackUp();
            assertThat(row.path("tables_done").asInt()).isEqualTo(TABLES);
            return relay.mostConnections();
        }
    }

    private static int restoreWorkers(String target, Map<String, String> own, TestStore store) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("DATABASE_URL_TARGET", target);
        try (Restoring restoring = Restoring.into(PostgresServer.V17.createDatabase(), store, settings)) {
            Restoring.Result planned =
                    restoring.run(Restoring.tables("latest", List.of("public.t1"), Option.DRY_RUN, Option.DATA_ONLY));
            return planned.run().getWorkers();
        }
    }
}
