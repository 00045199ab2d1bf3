package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** One byte of a length changes between PostgreSQL and the service: a backup fails, and the service goes on. */
class DamagedAnswersIT {

    /** One that isn't the first of all. */
    private static final int WHICH = 40;

    @Test
    void aLengthThatIsTooLargeFailsOneBackup() {
        TestDatabase source = Sources.small();
        TestDatabase control = PostgresServer.V15.createDatabase();
        try (TestStore store = TestStore.start();
                Relay network = Relay.to(source.port())) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", new TestDatabase(network.port(), source.name()).url(),
                    "DATABASE_URL_GONE", new TestDatabase(network.port(), "gone").url(),
                    "CONTROL_DATABASE_URL", control.url(),
                    "WORK_DIR", BactrianService.temporaryFolder().toString(),
                    "PG_BIN", BactrianService.pg17().toString(),
                    // As the launcher has it.
                    "JAVA_TOOL_OPTIONS", "-XX:+ExitOnOutOfMemoryError"));
            try (BactrianProcess process = BactrianProcess.serve(settings)) {
                for (Place place : Place.values()) {
                    AtomicInteger met = new AtomicInteger();
                    network.alter(() -> new LengthBreaker(place, met));

                    String id = process.request(place == Place.ERROR ? "gone" : "default");

                    Map<String, Object> row = awaitEnd(control, id);
                    assertThat(met).as("broken lengths of a %s", place).hasValue(1);
                    assertThat(row.get("status")).as(place + ": " + row).isEqualTo("failed");
                    assertThat(String.valueOf(row.get("error_text")))
                            .contains("damaged on the way")
                            .contains("sslmode=require");
                    network.alter(() -> (bytes, count) -> {});
                }
                Map<String, Object> row = awaitEnd(control, process.request("default"));
                assertThat(row.get("status")).as(row.toString()).isEqualTo("success");
                assertThat(process.log()).doesNotContain("java.lang.OutOfMemoryError");
            }
        }
    }

    private static Map<String, Object> awaitEnd(TestDatabase control, String id) {
        return Awaitility.await("the end of backup " + id)
                .atMost(java.time.Duration.ofSeconds(60))
                .until(
                        () -> control.jdbc().queryForMap("SELECT * FROM backup_history WHERE id = ?::uuid", id),
                        row -> !"in_progress".equals(row.get("status")));
    }

    private enum Place {
        ROW,
        VALUE,
        ERROR
    }

    /** Walks along one connection's messages, and makes the length at one place, once, one of nearly 2 GiB. */
    private static final class LengthBreaker implements Relay.Alteration {

        private final Place place;
        private final AtomicInteger met;
        private final byte[] head = new byte[5];
        private int have;
        private long body;
        private int values = -1;
        private boolean inRow;
        private int seen;
        private boolean negotiated;

        LengthBreaker(Place place, AtomicInteger met) {
            this.place = place;
            this.met = met;
        }

        @Override
        public void see(byte[] bytes, int count) {
            int at = 0;
            while (at < count) {
                if (body > 0) {
                    int passed = (int) Math.min(body, count - at);
                    body -= passed;
                    at += passed;
                    continue;
                }
                if (!negotiated && bytes[at] == 'N') {
                    // No encryption: the only answer of one byte.
                    at++;
                    continue;
                }
                negotiated = true;
                int wanted = inRow ? (values < 0 ? 2 : 4) : 5;
                if (have == (inRow ? 0 : 1) && (!inRow || values >= 0)) {
                    bytes[at] = broken(bytes[at]);
                }
                head[have++] = bytes[at++];
                if (have == wanted) {
                    have = 0;
                    whole();
                }
            }
        }

        private byte broken(byte original) {
            boolean here = inRow
                    ? place == Place.VALUE && original == 0
                    : place == Place.ROW && head[0] == 'D' || place == Place.ERROR && head[0] == 'E';
            if (here && ++seen >= (place == Place.ERROR ? 1 : WHICH) && met.compareAndSet(0, 1)) {
                return 0x7f;
            }
            return original;
        }

        private void whole() {
            if (!inRow) {
                inRow = head[0] == 'D';
                values = -1;
                body = inRow ? 0 : number(1) - 4L;
            } else if (values < 0) {
                values = (head[0] & 0xFF) << 8 | head[1] & 0xFF;
            } else {
                values--;
                body = Math.max(0, number(0));
            }
            inRow = inRow && values != 0;
        }

        private int number(int from) {
            return (head[from] & 0xFF) << 24
                    | (head[from + 1] & 0xFF) << 16
                    | (head[from + 2] & 0xFF) << 8
                    | head[from + 3] & 0xFF;
        }
    }
}
