package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The clock of the history's server is set. Tests can't set it; for whatever compares with it, it is the same when all stored times
 * are moved the other way.
 */
class ClockIT {

    private static final String BACK = "3 hours";
    private static final String FORWARD = "-40 minutes";

    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.small();
        scene = Scene.start(
                Map.of("DATABASE_URL", source.url(), "NOTIFY_FAILURE", "log:told", "BACKUP_EXTERNAL_TIMEOUT", "10m"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** Two nodes elsewhere: one has died before the clock was set back, or forward; the other one lives. */
    @Test
    void whoIsSilentIsGivenUpAndNobodyElse() {
        List<String> dead = Stream.of(BACK, FORWARD).map(ClockIT::running).toList();
        List<String> alive = Stream.of(BACK, FORWARD).map(ClockIT::running).toList();
        List<String> restores = Stream.of(BACK, FORWARD).map(ClockIT::restoring).toList();
        try (Beats beats = new Beats(alive)) {
            Awaitility.await("the end of what is silent")
                    .atMost(Duration.ofSeconds(75))
                    .until(() -> dead.stream().noneMatch(id -> isInProgress("backup_history", id))
                            && restores.stream().noneMatch(id -> isInProgress("restore_history", id)));
            assertThat(beats.count()).as("seconds that they were watched").isGreaterThanOrEqualTo(44);
            assertThat(dead).allSatisfy(id -> {
                scene.aftermath().assertFailedRow(id, "hasn't reported since", "frozen");
                assertThat(scene.aftermath().row(id).get("error_text").toString())
                        .doesNotContain("is gone");
            });
            assertThat(alive).allMatch(id -> isInProgress("backup_history", id));
        }
        scene.control().run("DELETE FROM backup_history", "DELETE FROM restore_history");
    }

    /** Between the step of the clock and the next heartbeat, whatever runs seems to have stood still for as long. */
    @Test
    void nothingThatRunsIsStalledByAClockThatIsSetForward() throws Exception {
        scene.control()
                .run(
                        "INSERT INTO backup_history (id, database, phase, node, heartbeat_at, moved_at) VALUES (gen_random_uuid(), "
                                + "'stalled', 'dumping', 'elsewhere/1/1', now() - interval '40 minutes', now() - interval '40 minutes')");

        assertThat(stalled()).isEmpty();

        scene.control().run("UPDATE backup_history SET heartbeat_at = now() WHERE database = 'stalled'");
        assertThat(stalled()).hasSize(1);
        scene.control().run("DELETE FROM backup_history WHERE database = 'stalled'");
    }

    /** Its row says since its request when somebody may be told: by a clock that was ahead. */
    @Test
    void aFailureIsToldThoughTheClockWasSetBack() {
        scene.control()
                .run(
                        "INSERT INTO backup_history (database, status, error_text, created_at, started_at, finished_at, notify_after) "
                                + "VALUES ('default', 'failed', 'why', now() + interval '3 hours', now() + interval '3 hours', "
                                + "now(), now() + interval '3 hours')");

        Awaitility.await("the notification")
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.control()
                                .jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM backup_history WHERE notified_at IS NOT NULL",
                                        Integer.class)
                        == 1);
    }

    /** By the routes as they run: these look at the clock first. */
    @Test
    void whatWaitsForOthersForTooLongIsFailed() {
        String worker = waiting("external", "1 day");
        String request = waiting("queued", "25 hours");
        List<String> inTime = List.of(waiting("external", "9 minutes"), waiting("queued", "23 hours"));

        scene.steps().hurry("fail-overdue-workers");
        scene.steps().hurry("fail-stranded-backups");

        Awaitility.await("the end of what waits for others")
                .atMost(Duration.ofSeconds(30))
                .until(() -> Stream.of(worker, request).noneMatch(id -> isInProgress("backup_history", id)));
        assertThat(scene.aftermath().row(worker).get("error_text").toString())
                .contains("hasn't reported its end for 1 day");
        assertThat(scene.aftermath().row(request).get("error_text").toString())
                .contains("No running service took this backup within a day");
        assertThat(inTime).allMatch(id -> isInProgress("backup_history", id));
        scene.control().run("DELETE FROM backup_history");
    }

    private static String waiting(String phase, String since) {
        return scene.control()
                .jdbc()
                .queryForObject(
                        "INSERT INTO backup_history (database, phase, created_at) VALUES (gen_random_uuid()::text, ?, "
                                + "now() - ?::interval) RETURNING id",
                        String.class,
                        phase,
                        since);
    }

    private static List<?> stalled() throws Exception {
        return scene.service()
                .app()
                .producer()
                .requestBodyAndHeader(
                        "sql:file:sql/control/find-stalled-backups.sql?dataSource=#bean:controlDatabase",
                        null,
                        "stallSeconds",
                        1810,
                        List.class);
    }

    private static String running(String ahead) {
        return scene.control()
                .jdbc()
                .queryForObject(
                        "INSERT INTO backup_history (database, phase, node, heartbeat_at, moved_at) VALUES (gen_random_uuid()::text, "
                                + "'dumping', 'elsewhere/1/1', now() + ?::interval, now() + ?::interval) RETURNING id",
                        String.class,
                        ahead,
                        ahead);
    }

    private static String restoring(String ahead) {
        return scene.control()
                .jdbc()
                .queryForObject(
                        "INSERT INTO restore_history (backup, database, target, request, phase, node, heartbeat_at) VALUES ('k', "
                                + "'default', gen_random_uuid()::text, '{}', 'rows', 'elsewhere/1/1', now() + ?::interval) RETURNING id",
                        String.class,
                        ahead);
    }

    private static boolean isInProgress(String table, String id) {
        return "in_progress"
                .equals(scene.control()
                        .jdbc()
                        .queryForObject("SELECT status FROM " + table + " WHERE id = ?::uuid", String.class, id));
    }

    /** Another node's heartbeat, once a second, by a clock of its own. */
    private static final class Beats implements AutoCloseable {

        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private volatile int count;

        Beats(List<String> ids) {
            timer.scheduleAtFixedRate(
                    () -> {
                        scene.control()
                                .jdbc()
                                .update(
                                        "UPDATE backup_history SET heartbeat_at = heartbeat_at - interval '1 second', moved_at = "
                                                + "moved_at - interval '1 second' WHERE id = ANY (?::uuid[])",
                                        "{" + String.join(",", ids) + "}");
                        count++;
                    },
                    0,
                    1,
                    TimeUnit.SECONDS);
        }

        int count() {
            return count;
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
