package dev.bactrian.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.backup.HistoryWarning;
import dev.bactrian.config.Settings;
import dev.bactrian.history.ControlDatabase;
import dev.bactrian.http.api.RowView;
import dev.bactrian.schedule.SettingsAtRunTime;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bactrian list}. */
@Command(
        name = "list",
        description = "Lists backups, newest first, and when the next ones are due.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

    private static final String ROW = "%-36s  %-12s  %-11s  %-20s  %9s  %10s  %s%n";

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--limit", defaultValue = "20", description = "How many at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        Settings settings = SettingsLoader.load(false);
        PrintWriter out = spec.commandLine().getOut();
        try (HikariDataSource control = ControlDatabase.open(settings.controlDatabase())) {
            ControlDatabase.migrate(settings.controlDatabase(), settings.historySchema(), control);
            History history = new History(control, settings.historySchema());
            List<Map<String, Object>> rows = history.newest(limit);
            if (json) {
                out.print(ManifestJson.write(rows.stream().map(RowView::of).toList()) + System.lineSeparator());
            } else if (rows.isEmpty()) {
                out.println("There is no backup yet. To make one: ./bactrian backup");
            } else {
                out.printf(ROW, "ID", "DATABASE", "STATUS", "STARTED (UTC)", "DURATION", "SIZE", "KEY OR ERROR");
                rows.forEach(row -> print(out, row));
            }
            if (!json) {
                NextRuns.print(out, new SettingsAtRunTime(settings).with(history.settings()), Instant.now());
            }
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, Map<String, Object> row) {
        Instant started = instant(row.get("started_at"));
        Instant ended = instant(row.get("finished_at"));
        Object size = row.get("size_bytes");
        Object error = row.get("error_text");
        Object status = row.get("status");
        out.printf(
                ROW,
                row.get("id"),
                row.get("database"),
                "in_progress".equals(status) ? row.get("phase") : status,
                started == null ? "-" : started.truncatedTo(ChronoUnit.SECONDS),
                started == null || ended == null
                        ? "-"
                        : Duration.between(started, ended).toSeconds() + " s",
                size == null ? "-" : Units.readable(((Number) size).longValue()),
                error == null ? String.valueOf(row.get("s3_key")).replace("null", "") + warning(row) : error);
    }

    private static String warning(Map<String, Object> row) {
        List<HistoryWarning> warnings = HistoryWarning.fromJson(row.get("warnings"));
        return warnings.isEmpty()
                ? ""
                : "  WARNING: " + warnings.get(0).shown()
                        + (warnings.size() == 1 ? "" : ", and " + (warnings.size() - 1) + " more");
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        return value instanceof Timestamp time ? time.toInstant() : null;
    }
}
