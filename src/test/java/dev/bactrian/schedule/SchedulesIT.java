package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.FastSchedules;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a schedule does, and when it doesn't. */
class SchedulesIT {

    private static final String EVERY_FIVE_MINUTES = "0 0/5 * * * ?";
    private static final String EVERY_NIGHT = "0 0 3 * * ?";

    private final TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE a (id int)");
    private final TestDatabase control = PostgresServer.V17.createDatabase();
    private final LogLines log = new LogLines();
    private TestStore store;

    @BeforeEach
    void start() {
        store = TestStore.start();
    }

    @AfterEach
    void stop() {
        store.close();
        log.close();
    }

    @Test
    void whatWasMissedWhileNoNodeRanIsMadeUpOnceAndTold() {
        Map<String, String> settings = Map.of("DATABASE_URL", database.url(), "BACKUP_CRON", EVERY_NIGHT);
        try (BactrianService service = BactrianService.start(settings, control, store)) {
            awaitTriggers(1);
        }
        // As if it had stopped four days ago.
        Instant last = lastNight();
        control.run("UPDATE bactrian_qrtz_triggers SET next_fire_time = "
                + last.minus(3, ChronoUnit.DAYS).toEpochMilli());

        try (BactrianService service = BactrianService.start(settings, control, store)) {
            Awaitility.await("the backup").atMost(Duration.ofSeconds(60)).until(() -> successes() == 1);

            assertThat(dispatchIds()).containsExactly("schedule-default-" + text(last));
            log.await("due at " + last + " is requested, ");
            assertThat(nextFireTime()).as("and no other").isEqualTo(last.plus(1, ChronoUnit.DAYS));
        }
        assertThat(dispatchIds()).hasSize(1);
    }

    @Test
    void whatANodeHadFiredWhenItWasKilledIsAskedForByTheNext() throws SQLException {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", database.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "BACKUP_CRON", EVERY_NIGHT,
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString()));
        try (BactrianProcess process = BactrianProcess.serve(settings);
                Connection holding = control.connect()) {
            awaitTriggers(1);
            holding.setAutoCommit(false);
            holding.createStatement().execute("LOCK TABLE backup_history IN EXCLUSIVE MODE");
            control.run("UPDATE bactrian_qrtz_triggers SET next_fire_time = "
                    + Instant.now().toEpochMilli());
            Awaitility.await("the row's insertion")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> inserting("pid") > 0);
            process.kill();
            // It doesn't know yet that nobody waits for it.
            inserting("pg_terminate_backend(pid)::int");
            Awaitility.await("its end").until(() -> inserting("pid") == 0);
        }
        assertThat(dispatchIds()).isEmpty();
        // Nobody has to wait until the node is taken for dead.
        control.run("UPDATE bactrian_qrtz_scheduler_state SET last_checkin_time = 1000");

        try (BactrianService next = BactrianService.start(settings, control, store)) {
            Awaitility.await("the backup").atMost(Duration.ofSeconds(60)).until(() -> successes() == 1);
            log.await(" s late, because the node that was requesting it has stopped reporting");
            assertThat(dispatchIds()).containsExactly("schedule-default-" + text(lastNight()));
            assertThat(nextFireTime()).isEqualTo(lastNight().plus(1, ChronoUnit.DAYS));

            // As if the first had died a moment later, with the row there.
            control.run(
                    "INSERT INTO bactrian_qrtz_fired_triggers SELECT sched_name, 'id', trigger_name, trigger_group, 'gone', "
                            + "1000, " + lastNight().toEpochMilli()
                            + ", 5, 'EXECUTING', job_name, job_group, false, true "
                            + "FROM bactrian_qrtz_triggers",
                    "INSERT INTO bactrian_qrtz_scheduler_state SELECT sched_name, 'gone', 1000, 3000 "
                            + "FROM bactrian_qrtz_triggers");
            log.await("due at " + lastNight() + " is skipped: it was requested already");
            assertThat(dispatchIds()).hasSize(1);
            // Nothing of it stays when the schedule goes.
            put(next, "{\"schedules\": {\"default\": null}}");
            awaitTriggers(0);
        }
    }

    /** What holds of the session that inserts the row; 0 when there is none. */
    private int inserting(String what) {
        return control
                .jdbc()
                .queryForList(
                        "SELECT " + what + " FROM pg_stat_activity WHERE datname = current_database() "
                                + "AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO%backup_history%' "
                                + "AND query LIKE '%dispatch_id%'",
                        Integer.class)
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private static Instant lastNight() {
        Instant last = Instant.now()
                .atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusHours(3)
                .toInstant();
        return last.isAfter(Instant.now()) ? last.minus(1, ChronoUnit.DAYS) : last;
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-');
    }

    @Test
    void whileBackupsAreDisabledASkippedOneIsTold() {
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "BACKUP_CRON", EVERY_NIGHT, "BACKUP_ENABLED", "false"),
                control,
                store)) {
            FastSchedules.every(control, "default", 2);
            log.await("is skipped: Backups are disabled by BACKUP_ENABLED=false.");
            assertThat(dispatchIds()).isEmpty();

            put(service, "{\"backup_enabled\": true}");
            Awaitility.await("a backup").atMost(Duration.ofSeconds(60)).until(() -> successes() > 0);
            put(service, "{\"backup_enabled\": false}");
            log.await("is skipped: Backups are switched off by backup_enabled in the settings.");
        }
    }

    @Test
    void whileOneIsQueuedOrRunningOrTheQueueIsFullASkippedOneIsTold() {
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "BACKUP_QUEUE_LIMIT", "1"), control, store)) {
            String target = service.app()
                    .context()
                    .getRegistry()
                    .lookupByNameAndType("databases", dev.bactrian.postgres.url.Databases.class)
                    .target("default");
            control.run(
                    "INSERT INTO backup_history (id, database, target, phase, node, heartbeat_at, started_at) VALUES "
                            + "('22222222-2222-4222-8222-222222222222', 'default', '" + target
                            + "', 'dumping', 'elsewhere/1/1', now() + interval '1 hour', now())");
            put(service, "{\"schedules\": {\"default\": \"" + EVERY_NIGHT + "\"}}");
            FastSchedules.every(control, "default", 2);

            log.await("is skipped: backup 22222222-2222-4222-8222-222222222222 of this database is still dumping");
            control.run("UPDATE backup_history SET database = 'elsewhere', phase = 'queued'");
            log.await("is skipped: There are 1 requests in the queue already");
            assertThat(dispatchIds()).isEmpty();
        }
    }

    @Test
    void aTimeThatTheClocksLeaveOutIsDueAtTheEndOfTheHour() {
        ZoneOffsetTransition spring = ZoneId.of("Europe/Berlin").getRules().nextTransition(Instant.now());
        spring = spring.isGap() ? spring : ZoneId.of("Europe/Berlin").getRules().nextTransition(spring.getInstant());
        LocalDateTime night = spring.getDateTimeBefore();
        String cron = "0 30 " + night.getHour() + " " + night.getDayOfMonth() + " " + night.getMonthValue() + " ?";
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "BACKUP_CRON", cron, "BACKUP_TIMEZONE", "Europe/Berlin"),
                control,
                store)) {
            awaitTriggers(1);
            assertThat(nextFireTime()).isEqualTo(spring.getInstant());

            control.run("UPDATE bactrian_qrtz_triggers SET next_fire_time = 1000");
            Awaitility.await("the backup").atMost(Duration.ofSeconds(60)).until(() -> successes() == 1);
            assertThat(nextFireTime()).as("after one was fired").isEqualTo(spring.getInstant());
        }
    }

    @Test
    void whatIsChangedAtOneNodeHoldsAtTheOther() {
        Map<String, String> settings = Map.of("DATABASE_URL", database.url(), "BACKUP_CRON", EVERY_NIGHT);
        try (BactrianService other = BactrianService.start(settings, control, store)) {
            try (BactrianService one = BactrianService.start(settings, control, store)) {
                awaitTriggers(1);
                put(
                        one,
                        "{\"timezone\": \"Europe/Berlin\", \"schedules\": {\"default\": \"" + EVERY_FIVE_MINUTES
                                + "\"}}");
            }
            log.await("The schedule of scheduled-backup-default is 0 0/5 * * * ? in Europe/Berlin");
            assertThat(trigger())
                    .containsEntry("cron_expression", EVERY_FIVE_MINUTES)
                    .containsEntry("time_zone_id", "Europe/Berlin");
            FastSchedules.every(control, "default", 2);
            Awaitility.await("a backup").atMost(Duration.ofSeconds(60)).until(() -> successes() > 0);

            put(other, "{\"timezone\": \"Asia/Tokyo\", \"schedules\": {\"default\": \"0 30 4 * * ?\"}}");
            // For a moment there is none: another time zone is another trigger.
            Awaitility.await().ignoreExceptions().untilAsserted(() -> assertThat(trigger())
                    .containsEntry("cron_expression", "0 30 4 * * ?")
                    .containsEntry("time_zone_id", "Asia/Tokyo"));

            put(other, "{\"schedules\": {\"default\": null}}");
            awaitTriggers(0);
            assertThat(other.app().context().getRoute("scheduled-backup-default"))
                    .isNull();
        }
    }

    @Test
    void aScheduleThatTheConfigurationHasNoMoreIsTakenAway() {
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "BACKUP_CRON", EVERY_NIGHT), control, store)) {
            awaitTriggers(1);
        }
        try (BactrianService service = BactrianService.start(Map.of("DATABASE_URL", database.url()), control, store)) {
            awaitTriggers(0);
        }
    }

    @Test
    void aNodeLeavesTheSchedulesOfDatabasesAloneThatItDoesNotHave() {
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL_ONE", database.url(), "BACKUP_CRON", EVERY_NIGHT), control, store)) {
            awaitTriggers(1);
        }
        control.run("UPDATE bactrian_qrtz_triggers SET next_fire_time = 1000");
        TestDatabase two = PostgresServer.V17.createDatabase().run("CREATE TABLE b (id int)");
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL_TWO", two.url(), "BACKUP_CRON", EVERY_NIGHT), control, store)) {
            FastSchedules.every(control, "two", 2);
            Awaitility.await("four backups").atMost(Duration.ofSeconds(60)).until(() -> successes() > 3);
        }
        assertThat(control.jdbc()
                        .queryForMap("SELECT next_fire_time, trigger_state FROM bactrian_qrtz_triggers "
                                + "WHERE trigger_name = 'one'"))
                .containsEntry("next_fire_time", 1000L)
                .containsEntry("trigger_state", "WAITING");
        assertThat(dispatchIds()).allMatch(id -> id.startsWith("schedule-two-"));
    }

    private void put(BactrianService service, String json) {
        var answer = service.send("PUT", "/api/settings", json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void awaitTriggers(int count) {
        Awaitility.await(count + " triggers")
                .atMost(Duration.ofSeconds(20))
                .until(() -> control.jdbc().queryForObject("SELECT count(*) FROM bactrian_qrtz_triggers", Integer.class)
                        == count);
    }

    private Map<String, Object> trigger() {
        return control.jdbc().queryForMap("SELECT * FROM bactrian_qrtz_cron_triggers");
    }

    private Instant nextFireTime() {
        return Instant.ofEpochMilli(
                control.jdbc().queryForObject("SELECT next_fire_time FROM bactrian_qrtz_triggers", Long.class));
    }

    private int successes() {
        return control.jdbc()
                .queryForObject("SELECT count(*) FROM backup_history WHERE status = 'success'", Integer.class);
    }

    private List<String> dispatchIds() {
        return control.jdbc()
                .queryForList("SELECT dispatch_id FROM backup_history WHERE trigger = 'schedule'", String.class);
    }
}
