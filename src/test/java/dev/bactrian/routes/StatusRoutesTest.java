package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/control/status.camel.yaml}: each step of a backup is one write, and the heartbeat stops what was ended elsewhere. */
class StatusRoutesTest extends ShippedRoutes {

    /** What runs here. */
    public final class Runs {
        public List<String> active() {
            return List.of("one", "two");
        }

        public void endedElsewhere() {
            done.add("stopped");
        }
    }

    /** The texts of an end. */
    public static final class Outcomes {
        public String hash() {
            return "hash";
        }
    }

    /** What is said once the row says failed. */
    public final class Texts {
        public void written() {
            done.add("written");
        }
    }

    /** This process. */
    public static final class Node {
        public String getName() {
            return "here";
        }
    }

    @BeforeEach
    void load() throws Exception {
        context.getRegistry().bind("backupRuns", new Runs());
        context.getRegistry().bind("outcomes", new Outcomes());
        context.getRegistry().bind("node", new Node());
        context.getRegistry().bind("failureText", new Texts());
        load("routes/control/status.camel.yaml");
    }

    @ParameterizedTest
    @CsvSource({
        "mark-phase, write-phase",
        "mark-success, write-success",
        "mark-found, write-found",
        "mark-ending, write-ending"
    })
    void aStepIsOneWrite(String route, String query) {
        answer(query, rows(1));

        Exchange end = call(route, Map.of("backupId", "1"), null);

        assertThat(end.getException()).isNull();
        assertThat(done).containsExactly(query);
        assertThat(end.getMessage().getHeader("CamelSqlUpdateCount")).isEqualTo(1);
    }

    @Test
    void aWriteThatFailsFailsTheBackup() {
        answer("write-phase", failing("the control database is away"));

        assertThat(call("mark-phase", Map.of(), null).getException()).hasMessage("the control database is away");
    }

    @Test
    void theManifestIsNamedBeforeItIsStored() {
        Exchange end = call("mark-manifest", Map.of(), "{}");

        assertThat(done).containsExactly("write-manifest-hash");
        assertThat(end.getMessage().getHeader("manifestHash")).isEqualTo("hash");
    }

    @Test
    void theHeartbeatStopsWhatWasEndedElsewhere() throws Exception {
        answer(
                "write-progress",
                exchange -> rows("two".equals(exchange.getMessage().getBody()) ? 0 : 1)
                        .process(exchange));

        context.getRouteController().startRoute("mark-progress");

        await("a heartbeat").until(() -> done.contains("stopped"));
        context.getRouteController().stopRoute("mark-progress");
        assertThat(done).startsWith("write-progress", "write-progress", "stopped");
    }
}
