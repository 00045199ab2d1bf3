package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.faults.ChaosFault.Strike;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Two services, one history, one store, and what goes wrong between them: after each fault everything is as it must be. One
 * fault of each main kind as a rule; {@code bench/run chaos} strikes at random, as often as it is told.
 */
class ChaosIT {

    private static final int FAULTS = Integer.getInteger("bactrian.chaos.faults", 0);
    private static final long SEED = Long.getLong("bactrian.chaos.seed", 1);
    private static final Duration LONGEST_PHASE = Duration.ofSeconds(20);

    /** The number of a store's fault says which of its operations it hits. Meets every kind of place: a process, its links, the store, the history, and what callers ask for meanwhile. */
    private static final List<Strike> SCRIPT = List.of(
            new Strike(0, ChaosFault.STORE_LOST_ANSWER, 0, "default", "connecting", 0, 8_000, null),
            new Strike(1, ChaosFault.KILL, 0, "default", "dumping", 0, 0, null),
            new Strike(2, ChaosFault.FREEZE, 1, "crm", "detecting", 0, 1_000, null),
            new Strike(3, ChaosFault.HISTORY_RESTART, 0, "default", "dumping", 0, 500, null),
            new Strike(15, ChaosFault.STORE_503, 0, "default", "connecting", 0, 4_000, null),
            new Strike(5, ChaosFault.SOURCE_RESET, 0, "default", "dumping", 0, 0, null),
            new Strike(6, ChaosFault.STORE_CUT, 0, "default", "dumping", 0, 1_000, null),
            new Strike(7, ChaosFault.CANCEL, 1, "default", "dumping", 0, 0, null),
            new Strike(8, ChaosFault.RESTORE, 1, "crm", "queued", 0, 0, null));

    @Test
    void afterEachFaultEverythingIsAsItMustBe() {
        List<Strike> plan = FAULTS == 0 ? SCRIPT : random();
        List<String> violations = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        TreeMap<ChaosFault, Integer> met = new TreeMap<>();
        say(FAULTS == 0 ? "the script" : "seed " + SEED + ", " + FAULTS + " faults");
        try (Chaos chaos = new Chaos()) {
            ChaosInvariants invariants = new ChaosInvariants(chaos);
            // Something to restore and to delete.
            Chaos.DATABASES.forEach(database -> ask(chaos, invariants, 0, database));
            violations.addAll(invariants.violations());
            assertThatItIsSeen(chaos, invariants);
            for (Strike strike : plan) {
                String id = ask(chaos, invariants, strike.node(), strike.database());
                ask(chaos, invariants, 1 - strike.node(), other(strike.database()));
                awaitPhase(chaos, id, strike);
                int times = strike.of(id).happens(chaos);
                chaos.mend();
                met.merge(strike.fault(), times > 0 ? 1 : 0, Integer::sum);
                if (times == 0) {
                    missed.add(strike.toString());
                }
                List<String> wrong = new ArrayList<>(invariants.violations());
                wrong.addAll(invariants.compareRestores());
                say(strike + (times > 0 ? ", met " + times : ", met nothing") + (wrong.isEmpty() ? ": good" : ""));
                wrong.forEach(what -> say("    VIOLATION " + what));
                wrong.forEach(what -> violations.add(strike.number() + " " + strike.fault() + ": " + what));
            }
            say(invariants.requests() + " requests: " + new TreeMap<>(invariants.endings()) + "; "
                    + invariants.archivesProven() + " archives read, " + invariants.restoresCompared()
                    + " restores compared");
        }
        say("faults met: " + met);
        say(violations.isEmpty() ? "no violations" : violations.size() + " VIOLATIONS");
        assertThat(violations).isEmpty();
        if (FAULTS == 0) {
            assertThat(missed).as("faults that met nothing").isEmpty();
        }
    }

    /** What looks finds something where there is something. */
    private static void assertThatItIsSeen(Chaos chaos, ChaosInvariants invariants) {
        String stray = "backups/archive/stray/backup.zip";
        chaos.store.put(stray, new byte[1]);
        assertThat(invariants.now()).containsExactly("belongs to no backup: " + stray);
        chaos.store.delete(stray);
        assertThat(invariants.now()).isEmpty();
    }

    private static List<Strike> random() {
        Random random = new Random(SEED);
        List<Strike> plan = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            plan.add(Strike.random(i, random));
        }
        return plan;
    }

    private static String ask(Chaos chaos, ChaosInvariants invariants, int node, String database) {
        String id = chaos.request(node, database);
        if (id != null) {
            invariants.asked(id);
        }
        return id;
    }

    private static String other(String database) {
        return Chaos.DATABASES.get(1 - Chaos.DATABASES.indexOf(database));
    }

    /** Until the backup is that far, or past it. */
    private static void awaitPhase(Chaos chaos, String id, Strike strike) {
        if (id == null) {
            return;
        }
        List<String> before = ChaosFault.PHASES.subList(0, ChaosFault.PHASES.indexOf(strike.phase()));
        try {
            Awaitility.await("a backup that is " + strike.phase())
                    .atMost(LONGEST_PHASE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !before.contains(chaos.history
                            .jdbc()
                            .queryForObject(
                                    "SELECT coalesce(phase, '') FROM backup_history WHERE id = ?::uuid",
                                    String.class,
                                    id)));
        } catch (ConditionTimeoutException e) {
            // Behind another one: so it happens to that.
        }
        chaos.waits(strike.delay());
    }

    private static void say(String text) {
        System.out.println("chaos: " + text);
    }
}
