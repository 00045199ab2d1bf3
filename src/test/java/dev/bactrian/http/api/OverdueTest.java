package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.Cron;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.schedule.CurrentSettings;
import dev.bactrian.schedule.CurrentSettings.Value;
import dev.bactrian.schedule.Schedule;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A night without a backup is told, and nothing that only looks like one. */
class OverdueTest {

    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    private boolean enabled = true;
    private Instant enabledAt;
    private Instant zoneAt;
    private Instant scheduleAt;
    private Instant started = LONG_AGO;

    private Instant since(String cron, String now, String asked, String ended, String scheduled) {
        Schedule schedule = new Schedule("default", cron == null ? null : new Cron(cron), ZoneOffset.UTC, scheduleAt);
        CurrentSettings settings = new CurrentSettings(
                new Value<>(enabled, enabledAt),
                new Value<ZoneId>(ZoneOffset.UTC, zoneAt),
                List.of(schedule),
                new Value<>(RetentionRules.KEEP_ALL, null));
        Map<String, Object> row = new HashMap<>();
        row.put("asked_at", asked == null ? null : Timestamp.from(Instant.parse(asked)));
        row.put("ended_at", Timestamp.from(Instant.parse(ended == null ? now : ended)));
        row.put("scheduled_since", scheduled == null ? null : Timestamp.from(Instant.parse(scheduled)));
        return new Overdue(settings, started, Instant.parse(now))
                .since(schedule, row)
                .orElse(null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            # schedule       | now                  | asked for            | ended                | overdue since
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-20T02:00:00Z | 2026-11-20T02:10:00Z | 2026-11-21T02:00:00Z
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-18T02:00:00Z | 2026-11-18T02:10:00Z | 2026-11-19T02:00:00Z
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-21T02:00:00Z | 2026-11-21T02:10:00Z | -
            # A moment early by the clock of the control database, and done at once.
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-21T01:59:57Z | 2026-11-21T01:59:59Z | -
            # Not yet.
            0 0 2 * * ?      | 2026-11-21T02:15:00Z | 2026-11-20T02:00:00Z | 2026-11-20T02:10:00Z | -
            0 0 2 * * ?      | 2026-11-21T02:15:01Z | 2026-11-20T02:00:00Z | 2026-11-20T02:10:00Z | 2026-11-21T02:00:00Z
            # Another one was still going on then, or is.
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-21T01:00:00Z | 2026-11-21T03:00:00Z | -
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | 2026-11-20T02:00:00Z | -                    | -
            # Never one, as long as the schedule is there.
            0 0 2 * * ?      | 2026-11-21T12:00:00Z | -                    | -                    | 2026-11-16T02:00:00Z
            # More often than one can be late.
            0 0/5 * * * ?    | 2026-11-21T12:00:00Z | 2026-11-21T11:42:00Z | 2026-11-21T11:44:30Z | -
            0 0/5 * * * ?    | 2026-11-21T12:00:01Z | 2026-11-21T11:42:00Z | 2026-11-21T11:43:00Z | 2026-11-21T11:45:00Z
            0 0 0 1 1 ? 2098 | 2026-11-21T12:00:00Z | 2026-11-18T02:00:00Z | 2026-11-18T02:10:00Z | -
            -                | 2026-11-21T12:00:00Z | 2026-11-18T02:00:00Z | 2026-11-18T02:10:00Z | -
            """)
    void oneThatDidNotComeIsTold(String cron, String now, String asked, String ended, Instant since) {
        assertThat(since(cron, now, asked, ended, "2026-11-15T09:00:00Z")).isEqualTo(since);
    }

    @Test
    void whatWasSetOnlyJustIsNotOverdue() {
        String now = "2026-11-21T12:00:00Z";
        Instant justNow = Instant.parse("2026-11-21T11:00:00Z");
        assertThat(overdue(now, justNow.toString())).as("in the configuration").isNull();

        scheduleAt = justNow;
        assertThat(overdue(now, LONG_AGO.toString())).as("the schedule").isNull();
        scheduleAt = null;
        zoneAt = justNow;
        assertThat(overdue(now, LONG_AGO.toString())).as("the time zone").isNull();
        zoneAt = null;
        enabledAt = justNow;
        assertThat(overdue(now, LONG_AGO.toString())).as("the switch").isNull();
        enabledAt = null;

        assertThat(overdue(now, LONG_AGO.toString())).isEqualTo("2026-11-19T02:00:00Z");
        enabled = false;
        assertThat(overdue(now, LONG_AGO.toString())).as("backups that are off").isNull();
    }

    @Test
    void aScheduleThatNoNodeHasTakenOverCountsFromTheStart() {
        started = Instant.parse("2026-11-21T01:00:00Z");
        assertThat(overdue("2026-11-21T02:10:00Z", null)).isNull();
        assertThat(overdue("2026-11-21T12:00:00Z", null)).isEqualTo("2026-11-21T02:00:00Z");
    }

    private Instant overdue(String now, String scheduled) {
        return since("0 0 2 * * ?", now, "2026-11-18T02:00:00Z", "2026-11-18T02:10:00Z", scheduled);
    }
}
