package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.FastSchedules;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two processes, one history, one bucket: each time of a schedule is one node's, and a dead node's are the other's. */
class TwoNodesIT {

    private static final Duration PERIOD = Duration.ofSeconds(3);
    /** In seconds; no verification of so small a backup takes as long. */
    private static final int VERIFY_PERIOD = 15;

    private static final Pattern VERIFIED =
            Pattern.compile("(?m)^(\\S+Z) .* - Verification \\S+ of \\S+ on .* begins$");
    private static final Pattern DUE =
            Pattern.compile("The backup of default that was due at (\\S+) is (requested|skipped)([^\n]*)");

    private final TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE a (id int)");
    private final TestDatabase control = PostgresServer.V17.createDatabase();

    private static final Pattern ONCE_MORE = Pattern.compile("s late|it was requested already");

    private record Fired(Instant due, boolean asked, boolean onceMore) {}

    @Test
    void eachTimeIsFiredOnceAndADeadNodesTimesByTheOther() {
        try (TestStore store = TestStore.start();
                BactrianProcess one = serve(store);
                BactrianProcess other = serve(store)) {
            // A node that comes to its schedules later would put them back.
            Awaitility.await("both nodes' schedules")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Stream.of(one, other)
                            .allMatch(node -> node.log().contains("The schedule of verify-on-schedule is")));
            FastSchedules.every(control, "default", (int) PERIOD.toSeconds());
            FastSchedules.every(control, "verify", VERIFY_PERIOD);
            Awaitility.await("six times, with both nodes up")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> fired(one, other).size() >= 6);

            Awaitility.await("a verification").atMost(Duration.ofSeconds(60)).until(() -> !verified(one, other)
                    .isEmpty());

            List<Fired> both = fired(one, other);
            assertThat(verified(one, other)).as("times of VERIFY_CRON").doesNotHaveDuplicates();
            one.kill();
            Instant killed = Instant.now();
            Awaitility.await("three times of the other's after that")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> fired(other).stream()
                                    .filter(run -> run.due().isAfter(killed))
                                    .count()
                            >= 3);

            List<Instant> due = both.stream().map(Fired::due).toList();
            for (int i = 1; i < due.size(); i++) {
                assertThat(due.get(i))
                        .as("none lost, none doubled: %s", both)
                        .isEqualTo(due.get(i - 1).plus(PERIOD));
            }
            List<Fired> all = fired(one, other);
            assertThat(all)
                    .filteredOn(run -> !run.onceMore())
                    .extracting(Fired::due)
                    .doesNotHaveDuplicates();
            assertThat(all)
                    .as("the time that the dead node had fired, and the one that it had taken")
                    .filteredOn(Fired::onceMore)
                    .hasSizeLessThanOrEqualTo(2);
            // The line comes before the row.
            Awaitility.await("a backup of each time that was asked for")
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(dispatchIds())
                            .containsAll(all.stream()
                                    .filter(Fired::asked)
                                    .map(run -> "schedule-default-"
                                            + run.due().toString().replace(':', '-'))
                                    .toList()));
        }
    }

    private BactrianProcess serve(TestStore store) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", database.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "BACKUP_CRON", "0 0 3 * * ?",
                "VERIFY_CRON", "0 0 3 * * ?",
                "VERIFY_DATABASE_URL", database.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString()));
        return BactrianProcess.serve(settings);
    }

    /** What the nodes say of each time, in the order of the times. */
    private static List<Fired> fired(BactrianProcess... nodes) {
        List<Fired> fired = new ArrayList<>();
        for (BactrianProcess node : nodes) {
            DUE.matcher(node.log())
                    .results()
                    .forEach(line -> fired.add(new Fired(
                            Instant.parse(line.group(1)),
                            "asked for".equals(line.group(2)),
                            ONCE_MORE.matcher(line.group(3)).find())));
        }
        fired.sort(Comparator.comparing(Fired::due));
        return fired;
    }

    /** The time for which each node has begun a verification. */
    private static List<Long> verified(BactrianProcess... nodes) {
        return Stream.of(nodes)
                .flatMap(node -> VERIFIED.matcher(node.log()).results())
                .map(line -> Instant.parse(line.group(1)).getEpochSecond() / VERIFY_PERIOD)
                .toList();
    }

    private List<String> dispatchIds() {
        return control.jdbc()
                .queryForList("SELECT dispatch_id FROM backup_history WHERE trigger = 'schedule'", String.class);
    }
}
