package dev.bactrian.testing;

import dev.bactrian.testing.servers.TestDatabase;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * Schedules that fire more often than any may be set to, for tests that can't wait for a minute: the stored trigger is changed, which
 * the node that fires it next reads.
 */
public final class FastSchedules {

    private FastSchedules() {}

    /**
     * Waits until a trigger is there, and makes it fire every few seconds.
     *
     * @param trigger the name of a database, or {@code verify}
     * @param seconds a part of a minute
     */
    public static void every(TestDatabase control, String trigger, int seconds) {
        Awaitility.await("the trigger " + trigger)
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM bactrian_qrtz_cron_triggers WHERE trigger_name = ?",
                                        Integer.class,
                                        trigger)
                        == 1);
        control.run(
                "UPDATE bactrian_qrtz_cron_triggers SET cron_expression = '0/" + seconds
                        + " * * * * ?' WHERE trigger_name = '" + trigger + "'",
                "UPDATE bactrian_qrtz_triggers SET next_fire_time = (extract(epoch FROM clock_timestamp())::bigint / "
                        + seconds + " + 1) * " + seconds + " * 1000 WHERE trigger_name = '" + trigger + "'");
    }
}
