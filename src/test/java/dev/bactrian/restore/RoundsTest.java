package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundsTest {

    /** Tries all until none is left or none succeeds. */
    private static List<String> tried(Rounds<String> rounds, Map<String, Set<String>> needs, Set<String> byOtherMeans) {
        List<String> log = new ArrayList<>();
        while (rounds.isOpen()) {
            for (String one : rounds.next()) {
                boolean others = rounds.left().stream().anyMatch(needs.getOrDefault(one, Set.of())::contains);
                boolean may = rounds.isByOtherMeans() ? byOtherMeans.contains(one) : !others;
                if (!rounds.isPassedOver() && may) {
                    log.add(rounds.isByOtherMeans() ? one + "!" : one);
                    rounds.succeeded(one);
                }
            }
        }
        return log;
    }

    @Test
    void whatFailedIsTriedAgainWhileOneSucceeds() {
        Rounds<String> rounds = new Rounds<>(List.of("c", "b", "a"));

        assertThat(tried(rounds, Map.of("c", Set.of("b"), "b", Set.of("a")), Set.of()))
                .containsExactly("a", "b", "c");
        assertThat(rounds.left()).isEmpty();
    }

    @Test
    void otherMeansComeLastAndForAsFewAsWillDo() {
        Rounds<String> rounds = new Rounds<>(List.of("c", "a", "b"));

        assertThat(tried(rounds, Map.of("a", Set.of("b"), "b", Set.of("a")), Set.of("a", "b")))
                .containsExactly("c", "a!", "b");
    }

    @Test
    void whatNeverSucceedsIsLeft() {
        Rounds<String> rounds = new Rounds<>(List.of("a", "b"));

        assertThat(tried(rounds, Map.of("a", Set.of("a")), Set.of())).containsExactly("b");
        assertThat(rounds.left()).containsExactly("a");
        assertThat(new Rounds<>(List.<String>of()).isOpen()).isFalse();
    }
}
