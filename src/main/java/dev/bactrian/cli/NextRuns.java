package dev.bactrian.cli;

import dev.bactrian.schedule.CurrentSettings;
import dev.bactrian.schedule.Schedule;
import java.io.PrintWriter;
import java.time.Instant;

/** Prints when the next backups are due, whether a service runs or not. */
final class NextRuns {

    private static final String ROW = "%-12s  %-20s  %s%n";

    private NextRuns() {}

    static void print(PrintWriter out, CurrentSettings settings, Instant now) {
        out.println();
        out.printf(ROW, "DATABASE", "NEXT BACKUP (UTC)", "SCHEDULE");
        settings.schedules()
                .forEach(schedule -> out.printf(
                        ROW,
                        schedule.database(),
                        schedule.after(now).map(Instant::toString).orElse("-"),
                        schedule.cron() == null ? "none" : text(schedule)));
        if (!settings.backupEnabled().value()) {
            out.println("Backups are switched off: scheduled ones are skipped.");
        }
    }

    private static String text(Schedule schedule) {
        return schedule.cron() + " in " + schedule.zone()
                + (schedule.updatedAt() == null ? ", by the configuration" : ", set at " + schedule.updatedAt());
    }
}
