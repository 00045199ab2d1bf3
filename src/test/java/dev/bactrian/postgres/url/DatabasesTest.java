package dev.bactrian.postgres.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A name out of a request meets what is configured. */
class DatabasesTest {

    private final DatabaseUrl url = new DatabaseUrl("h", 1, "d", "u", "hush", Map.of());
    private final Databases databases =
            new Databases(List.of(new Database("default", url), new Database("staging", url)));

    @Test
    void anUnknownNameIsToldWhichVariableWouldMakeItKnown() {
        assertThatThrownBy(() -> databases.get("prod"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll("No database named prod", "DATABASE_URL_PROD", "default, staging")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> new Databases(List.of()).get("default"))
                .hasMessageContaining("Set DATABASE_URL and restart");
    }

    /** Nodes of one name and another database must not take each other's requests; and nobody reads a password there. */
    @Test
    void aTargetTellsDatabasesOfOneNameApart() {
        assertThat(databases.target("staging")).isEqualTo("h:1/d");
        assertThat(databases.targets()).isEqualTo("default h:1/d\nstaging h:1/d");
    }

    @Test
    void theOrderGivenStays() {
        assertThat(databases.names()).containsExactly("default", "staging");
        assertThat(databases.find("staging")).isPresent();
        assertThat(databases.find("Staging")).isEmpty();
    }
}
