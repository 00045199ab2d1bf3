package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.retention.Decision;
import dev.bactrian.retention.KeptBackup;
import dev.bactrian.retention.RetentionPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/retention/retention.camel.yaml}: what is deleted, and in which order. */
class RetentionRoutesTest extends ShippedRoutes {

    private static final KeptBackup OLD = new KeptBackup(
            UUID.fromString("00000000-0000-0000-0000-000000000001"),
            "prod",
            Instant.parse("2026-01-01T00:00:00Z"),
            false,
            "backups/archive/old/old.zip",
            1,
            null);

    private boolean owned = true;

    /** The decisions. */
    public final class Rules {
        public List<Decision> inAnyOrder() {
            return List.of(new Decision(OLD, false, List.of("kept by no rule")));
        }

        public boolean owns() {
            return owned;
        }

        public List<Object> plans() {
            return List.of();
        }

        public String rules() {
            return "rules";
        }

        public String zone() {
            return "UTC";
        }
    }

    /** The databases. */
    public static final class Names {
        public List<String> names() {
            return List.of("prod");
        }
    }

    /** The texts. */
    public static final class Texts {
        public String why() {
            return "why";
        }
    }

    @BeforeEach
    void load() throws Exception {
        context.getPropertiesComponent().addInitialProperty("RETENTION_SCHEDULED", "false");
        context.getRegistry().bind("retention", new Rules());
        context.getRegistry().bind("databases", new Names());
        context.getRegistry().bind("failureText", new Texts());
        load("routes/retention/retention.camel.yaml");
        answer("find-newest", exchange -> exchange.getMessage()
                .setBody(Map.of("s3_key", "backups/archive/new/new.zip")));
        answer("mark-deletion-begun", rows(1));
    }

    private Exchange prune() {
        return call(
                "prune-database",
                Map.of(),
                new RetentionPlan("prod", List.of(new Decision(OLD, false, List.of("kept by no rule")))));
    }

    @Test
    void theNewestIsSeenInTheStoreBeforeAnythingIsDeletedAndTheRowComesLast() {
        assertThat(prune().getException()).isNull();

        assertThat(done)
                .containsExactly(
                        "find-newest",
                        "confirm-newest",
                        "name-latest",
                        "look-for-gone",
                        "fetch-manifest",
                        "mark-deletion-begun",
                        "replace-latest",
                        "discard-archive",
                        "mark-archive-deleted");
    }

    @Test
    void nothingIsDeletedWhereTheNewestIsNotInTheStore() {
        answer("confirm-newest", failing("not there"));

        assertThat(prune().getException()).hasMessage("not there");
        assertThat(done).containsExactly("find-newest", "confirm-newest");
    }

    @Test
    void whatIsNotBactriansIsNotDeleted() {
        owned = false;

        assertThat(prune().getException()).isNull();
        assertThat(done).doesNotContain("mark-deletion-begun", "discard-archive");
    }

    @Test
    void whatARestoreReadsIsNotDeleted() {
        answer("mark-deletion-begun", rows(0));

        assertThat(prune().getException()).isNull();
        assertThat(done).doesNotContain("replace-latest", "discard-archive");
    }

    @Test
    void theRowIsNotWrittenForWhatIsStillInTheStore() {
        answer("discard-archive", failing("the store is away"));

        assertThat(prune().getException()).hasStackTraceContaining("the store is away");
        assertThat(done).doesNotContain("mark-archive-deleted");
    }

    @Test
    void whatFailsIsNoErrorOfTheCallers() {
        answer("read-settings", failing("the control database is away"));

        assertThat(call("apply-retention", Map.of(), null).getException()).isNull();
        assertThat(done).containsExactly("read-settings");
    }
}
