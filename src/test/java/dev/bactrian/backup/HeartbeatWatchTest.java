package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.run.Node;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which heartbeats stand still, by the watcher's own clock alone. */
class HeartbeatWatchTest {

    private static final String ELSEWHERE = "another-host/1/2";
    private static final Instant NOW = Instant.parse("2026-11-20T18:42:08Z");

    private final Node node = new Node();
    private final List<UUID> here = new ArrayList<>();
    private final UUID id = UUID.randomUUID();
    private long nanos = 42;
    private final HeartbeatWatch watch = new HeartbeatWatch(node, here::contains, () -> nanos);

    /** Of the history's server, which may be set: seconds before or after the real time. */
    @Test
    void whateverTimeItIsByAnotherClockTheSameHeartbeatFor45SecondsIsSilence() {
        for (long skew : new long[] {0, -7200, 7200, 86_400 * 365}) {
            UUID row = UUID.randomUUID();
            for (int seconds = 0; seconds < 45; seconds += 5) {
                assertThat(abandoned(row, ELSEWHERE, NOW.plusSeconds(skew))).isEmpty();
                pass(5);
            }

            assertThat(abandoned(row, ELSEWHERE, NOW.plusSeconds(skew)))
                    .singleElement()
                    .satisfies(silent -> assertThat(silent).containsEntry("known_gone", false));
        }
    }

    @Test
    void aHeartbeatThatChangesIsASignOfLifeAlsoWhenItGoesBack() {
        for (int look = 0; look < 30; look++) {
            assertThat(abandoned(id, ELSEWHERE, NOW.minusSeconds(look * 60L))).isEmpty();
            pass(5);
        }
    }

    @Test
    void aWatcherThatWasFrozenLooksAgain() {
        look(9, ELSEWHERE);
        pass(120);

        look(9, ELSEWHERE);
        assertThat(abandoned(id, ELSEWHERE, NOW)).hasSize(1);
    }

    /** Whoever settles it may take minutes each time: the hour goes on. */
    @Test
    void anHourIsCountedFromTheFirstLook() {
        look(9, ELSEWHERE);
        for (int minutes = 1; minutes < 60; minutes += 2) {
            assertThat(abandoned(id, ELSEWHERE, NOW))
                    .allSatisfy(row -> assertThat(row).containsEntry("hour_silent", false));
            pass(120);
        }

        look(9, ELSEWHERE);
        assertThat(abandoned(id, ELSEWHERE, NOW)).singleElement().satisfies(row -> assertThat(row)
                .containsEntry("hour_silent", true));
    }

    @Test
    void aRowThatCameBackIsWatchedFromThenOn() {
        look(9, ELSEWHERE);
        watch.abandoned(List.of());

        look(9, ELSEWHERE);
    }

    @Test
    void whatRunsHereIsNeverAbandoned() {
        here.add(id);
        look(20, node.getName());

        here.clear();
        assertThat(abandoned(id, node.getName(), NOW)).singleElement().satisfies(own -> assertThat(own)
                .containsEntry("known_gone", true));
    }

    @Test
    void whoseProcessIsGoneIsSilentAfterTwoBeats() {
        String dead = node.getName().replaceAll("/\\d+/", "/4194305/");
        assertThat(abandoned(id, dead, NOW)).isEmpty();
        pass(5);

        assertThat(abandoned(id, dead, NOW)).singleElement().satisfies(gone -> assertThat(gone)
                .containsEntry("known_gone", true)
                .containsEntry("node", dead));
    }

    @Test
    void whatNeverHadAHeartbeatOrANodeIsSilentToo() {
        for (int look = 0; look < 9; look++) {
            assertThat(abandoned(id, null, null)).isEmpty();
            pass(5);
        }

        assertThat(abandoned(id, null, null)).hasSize(1);
    }

    /** So often, without anything to find. */
    private void look(int times, String owner) {
        for (int look = 0; look < times; look++) {
            assertThat(abandoned(id, owner, NOW)).as("look %s", look).isEmpty();
            pass(5);
        }
    }

    private void pass(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    private List<Map<String, Object>> abandoned(UUID row, String owner, Instant heartbeat) {
        Map<String, Object> running = new HashMap<>();
        running.put("id", row);
        running.put("node", owner);
        running.put("heartbeat_at", heartbeat == null ? null : Timestamp.from(heartbeat));
        return watch.abandoned(List.of(running));
    }
}
