package dev.bactrian.http.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.http.api.ListQuery;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GithubEventsTest {

    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    /** By sha256sum. */
    private static final String HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    @Test
    void theDispatchIdFollowsFromTheBodyAndTheDatabase() {
        assertThat(GithubEvents.dispatchId(BODY, "prod")).isEqualTo("github-" + HASH + "-prod");
        assertThat(GithubEvents.dispatchId(BODY, "dev")).isEqualTo("github-" + HASH + "-dev");
    }

    /** Two services may share a history, and take the same push for databases of their own. */
    @Test
    void eachDatabaseHasItsOwnWhateverItsName() {
        Set<String> ids = new HashSet<>();
        for (String database : List.of("p", "p".repeat(28), "p".repeat(29), "p".repeat(40), "p".repeat(39) + "q")) {
            String id = GithubEvents.dispatchId(BODY, database);
            assertThat(id).matches(ListQuery.DISPATCH_ID).startsWith("github-" + HASH + "-");
            ids.add(id);
        }
        assertThat(ids).hasSize(5);
    }
}
