package dev.bactrian.notify;

import dev.bactrian.backup.HistoryWarning;
import dev.bactrian.backup.ShrunkTable;
import dev.bactrian.support.JsonText;
import dev.bactrian.support.Printable;
import dev.bactrian.support.Units;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a backup: what, when, why, what to do, and where to see more.
 *
 * @param event {@code start}, {@code failure}, {@code success}, {@code recovered}, {@code warning} or {@code test}
 * @param subject one line
 * @param text several lines
 * @param backup columns of its row; none for a test
 */
public record Message(String event, String subject, String text, Map<String, Object> backup) {

    /** A message on a telephone. */
    private static final int MOST_TOLD = 10;

    /**
     * Finds the words.
     *
     * @param row of the backup
     * @param publicUrl where people reach the service; null when they can't
     */
    static Message of(String event, Map<String, Object> row, @Nullable String publicUrl) {
        String database = Printable.line(String.valueOf(row.get("database")));
        String subject =
                switch (event) {
                    case "start" -> "Backup of " + database + " began";
                    case "failure" -> "Backup of " + database + " failed";
                    case "warning" -> "Backup of " + database + " succeeded, but tables have shrunk";
                    case "recovered" -> "Backup of " + database + " succeeds again";
                    default -> "Backup of " + database + " succeeded";
                };
        Map<String, Object> backup = new LinkedHashMap<>();
        for (String column : new String[] {
            "id",
            "database",
            "status",
            "trigger",
            "dispatch_id",
            "source_repo",
            "source_ref",
            "source_sha",
            "s3_key",
            "size_bytes",
            "error_text"
        }) {
            Object value = "error_text".equals(column) ? reason(row) : row.get(column);
            backup.put(column, value instanceof Number || value == null ? value : value.toString());
        }
        backup.put("started_at", time(row, "started_at"));
        backup.put("finished_at", time(row, "finished_at"));
        List<HistoryWarning> warnings = HistoryWarning.fromJson(row.get("warnings"));
        List<ShrunkTable> shrunk = ShrunkTable.fromJson(row.get("warnings"));
        backup.put(
                "warnings",
                warnings.isEmpty()
                        ? null
                        : warnings.stream().map(Message::members).toList());
        // People look at the page; without its address a program can still ask the API.
        String link = publicUrl == null ? "/api/backups/" + row.get("id") : publicUrl + "/#/history/" + row.get("id");
        backup.put("link", link);
        StringBuilder text = new StringBuilder(subject).append(".\n");
        // The cause, the consequence and what to do.
        line(text, "", reason(row));
        warn(text, shrunk, row.get("key_before"));
        warnings.stream()
                .filter(warning -> warning.text() != null)
                .limit(MOST_TOLD)
                .forEach(warning -> line(text, "Warning: ", printable(warning.text())));
        line(text, "Started: ", time(row, "started_at"));
        line(text, "Ended: ", time(row, "finished_at"));
        line(text, "Duration: ", duration(row));
        line(text, "Size: ", row.get("size_bytes") instanceof Number size ? Units.readable(size.longValue()) : null);
        line(text, "Archive: ", "failure".equals(event) ? null : printable(row.get("s3_key")));
        line(text, "Repository: ", printable(row.get("source_repo")));
        line(text, "More: ", link);
        return new Message(event, subject, text.toString(), backup);
    }

    /**
     * Says that nothing has happened. Its event is one of its own: programs that act on the others leave it alone.
     *
     * @param event what its readers are told of otherwise
     */
    static Message test(String event, @Nullable String publicUrl) {
        String subject = "Test of Bactrian's notifications (" + event + ")";
        StringBuilder text = new StringBuilder(subject).append(".\n");
        text.append("No backup has ended: this is only a test whether such messages arrive. Nothing needs to be "
                + "done.\n");
        line(text, "Sent by: ", publicUrl);
        return new Message("test", subject, text.toString(), Map.of());
    }

    private static Map<String, Object> members(HistoryWarning warning) {
        if (warning.text() != null) {
            return Map.of("text", warning.text());
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("table", warning.table());
        members.put("rows", warning.rows());
        members.put("rows_before", warning.rowsBefore());
        return members;
    }

    private static void warn(StringBuilder text, List<ShrunkTable> shrunk, @Nullable Object keyBefore) {
        for (ShrunkTable table : shrunk.subList(0, Math.min(shrunk.size(), MOST_TOLD))) {
            text.append(Printable.line(table.text())).append(".\n");
        }
        if (shrunk.size() > MOST_TOLD) {
            text.append("Of ").append(shrunk.size() - MOST_TOLD).append(" more tables the same is true.\n");
        }
        if (!shrunk.isEmpty()) {
            text.append("Check whether that was intended");
            text.append(
                    keyBefore == null ? ".\n" : "; the previous backup still exists: " + printable(keyBefore) + "\n");
        }
    }

    private static @Nullable String printable(@Nullable Object value) {
        return value == null ? null : Printable.line(value.toString());
    }

    /** A worker elsewhere may have told it in several lines. */
    private static @Nullable String reason(Map<String, Object> row) {
        Object text = row.get("error_text");
        return text == null ? null : Printable.lines(text.toString());
    }

    private static void line(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(name).append(value).append('\n');
        }
    }

    private static @Nullable String duration(Map<String, Object> row) {
        return row.get("started_at") instanceof Timestamp from && row.get("finished_at") instanceof Timestamp to
                ? Duration.between(from.toInstant(), to.toInstant()).toSeconds() + " s"
                : null;
    }

    private static @Nullable String time(Map<String, Object> row, String column) {
        return row.get(column) instanceof Timestamp time
                ? time.toInstant().truncatedTo(ChronoUnit.SECONDS).toString()
                : null;
    }

    /** {@code text}, which Slack, Teams and Mattermost show; {@code content}, which Discord shows; and all else for programs. */
    public String getJson() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("text", text);
        body.put("content", text);
        body.put("event", event);
        body.put("subject", subject);
        body.put("backup", backup);
        return JsonText.of(body);
    }
}
