package dev.bactrian.restore.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MarkerTest {

    /** Word for word: what is derived would stand in whatever order this Java happens to find its methods in. */
    @Test
    void theSameCommandIsTheSameTextInEveryProcess() {
        RestoreRequest request = new RestoreRequest(
                UUID.randomUUID(),
                "latest",
                "target",
                null,
                List.of("app"),
                List.of(),
                null,
                Set.of(Option.SKIP_ROLES, Option.DATA_ONLY));

        assertThat(Marker.what("b", request))
                .isEqualTo("{\"target\":\"target\",\"schemas\":[\"app\"],\"tables\":[],\"files\":{\"buckets\":[],"
                        + "\"objects\":[]},\"options\":[\"DATA_ONLY\",\"SKIP_ROLES\"],\"backup_id\":\"b\"}");
    }
}
