package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/backup/failure.camel.yaml}: where every failure ends. */
class FailureRoutesTest extends ShippedRoutes {

    /** What the route asks of the runs, noted as it comes. */
    public final class Runs {
        public void stop() {
            done.add("stop");
        }

        public void close() {
            done.add("close");
        }

        public void forget() {
            done.add("forget");
        }
    }

    /** The texts. */
    public static final class Texts {
        public String reason() {
            return "the reason";
        }

        public String why() {
            return "why";
        }

        public String withLeftovers() {
            return "the reason, and leftovers";
        }
    }

    /** The proof. */
    public static final class Proof {
        public void require() {}
    }

    @BeforeEach
    void load() throws Exception {
        context.getRegistry().bind("backupRuns", new Runs());
        context.getRegistry().bind("failureText", new Texts());
        context.getRegistry().bind("outcomes", new Proof());
        load("routes/backup/failure.camel.yaml");
        answer("mark-ending", rows(1));
    }

    private Exchange fail() {
        return call("backup-failed", Map.of("key", "backups/archive/a.zip", "backupId", "1"), null);
    }

    @Test
    void everythingIsStoppedBeforeTheRowFailsAndTheRowBeforeAnythingIsRemoved() {
        Exchange end = fail();

        assertThat(end.getException()).isNull();
        assertThat(done)
                .containsExactly(
                        "stop", "close", "mark-ending", "discard-archive", "forget-key", "mark-failed", "forget");
        assertThat(end.getProperty("reason")).isEqualTo("the reason");
    }

    @Test
    void whatWasNeverStoredIsNotRemoved() {
        call("backup-failed", Map.of("backupId", "1"), null);

        assertThat(done).containsExactly("stop", "close", "mark-ending", "mark-failed", "forget");
    }

    @Test
    void aStoreThatIsAwayKeepsTheKeyAndTheRowFailsAllTheSame() {
        answer("discard-archive", failing("the store is away"));

        Exchange end = fail();

        assertThat(done).containsExactly("stop", "close", "mark-ending", "discard-archive", "mark-failed", "forget");
        assertThat(end.getProperty("reason")).isEqualTo("the reason, and leftovers");
    }

    @Test
    void nothingIsRemovedWhileTheRowCannotBeWritten() {
        answer("mark-ending", failing("the control database is away"));

        assertThat(fail().getException()).isNull();
        assertThat(done).containsExactly("stop", "close", "mark-ending", "forget");
    }

    @Test
    void whatAnotherNodeCalledASuccessIsKept() {
        answer("mark-ending", rows(0));
        answer("read-ended-row", exchange -> exchange.getMessage().setBody(Map.of("status", "success")));

        Exchange end = fail();

        assertThat(done).containsExactly("stop", "close", "mark-ending", "read-ended-row", "forget");
        assertThat(end.getProperty("recorded")).isEqualTo("true");
    }

    @Test
    void whatAnotherNodeCancelledIsRemovedAndKeepsItsStatus() {
        answer("mark-ending", rows(0));
        answer("read-ended-row", exchange -> exchange.getMessage().setBody(Map.of("status", "cancelled")));

        fail();

        assertThat(done).endsWith("read-ended-row", "discard-archive", "forget-key", "forget");
    }

    @Test
    void aSuccessIsRecordedOnceItsRowIs() {
        answer("mark-success", rows(1));

        assertThat(call("record-success", Map.of("backupId", "1"), null).getProperty("recorded"))
                .isEqualTo("true");

        answer("mark-success", failing("the control database is away"));
        Exchange later = call("record-success", Map.of("backupId", "1"), null);
        assertThat(later.getException()).isNull();
        assertThat(later.getProperty("recorded")).isNull();
        assertThat(done).isEqualTo(List.of("mark-success", "mark-success"));
    }
}
