package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** RFC 9457, as programs read it. */
class ApiProblemTest {

    @Test
    void itHasTheMembersOfTheRfc() throws Exception {
        JsonNode problem = new ObjectMapper()
                .readTree(new ApiProblem(409, "backups-disabled", "Backups are disabled", "Set \"x\"\nto true").json());

        assertThat(problem.path("type").textValue()).isEqualTo("urn:bactrian:problem:backups-disabled");
        assertThat(problem.path("title").textValue()).isEqualTo("Backups are disabled");
        assertThat(problem.path("status").intValue()).isEqualTo(409);
        assertThat(problem.path("detail").textValue()).as("one line").isEqualTo("Set \"x\"\\u{0a}to true");
        assertThat(problem).hasSize(4);
        assertThat(ApiProblem.CONTENT_TYPE).isEqualTo("application/problem+json");
    }
}
