package dev.bactrian.cli;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.backup.ShrunkTable;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a backup from the command line ends with. */
final class Summary {

    private static final String LINE = "  %-17s %s%n";

    private static final int MOST_LISTED = 20;

    private Summary() {}

    static void print(PrintWriter out, Database database, Map<String, Object> row, @Nullable Manifest manifest) {
        out.println("Backup summary");
        out.printf(LINE, "Timestamp", instant(row, "created_at"));
        out.printf(LINE, "Backup", row.get("id"));
        out.printf(LINE, "Environment", database.name());
        out.printf(LINE, "Connection", database.url());
        if (manifest != null) {
            print(out, manifest);
        }
        if (row.get("size_bytes") != null) {
            out.printf(LINE, "Archive size", Units.readable(((Number) row.get("size_bytes")).longValue()));
            out.printf(LINE, "Key", row.get("s3_key"));
        }
        print(
                out,
                "Shrunk tables",
                ShrunkTable.fromJson(row.get("warnings")).stream()
                        .map(table -> table.text() + ": check whether that was intended")
                        .toList());
        out.printf(LINE, "Duration", duration(row));
        out.printf(LINE, "Status", row.get("status"));
        if (row.get("error_text") != null) {
            out.printf(LINE, "Reason", row.get("error_text"));
        }
        out.flush();
    }

    private static void print(PrintWriter out, Manifest manifest) {
        out.printf(LINE, "Database", manifest.source().database());
        out.printf(LINE, "Server", "PostgreSQL " + manifest.source().serverVersion());
        out.printf(LINE, "Database size", Units.readable(manifest.source().databaseSize()));
        out.printf(LINE, "Schemas", manifest.totals().schemas());
        out.printf(
                LINE,
                "Tables",
                manifest.totals().tables() + " with "
                        + Units.counted(manifest.totals().rows(), "row"));
        for (Manifest.SchemaPart schema : manifest.schemas()) {
            out.printf(
                    LINE,
                    "",
                    String.format(
                            "%-24s %4d %-6s %9d %-4s  %s",
                            schema.name(),
                            schema.tables(),
                            Units.noun(schema.tables(), "table"),
                            schema.rows(),
                            Units.noun(schema.rows(), "row"),
                            Units.readable(schema.bytes())));
        }
        if (manifest.supabase() != null && manifest.supabase().auth() != null) {
            out.printf(LINE, "Users", manifest.supabase().auth().users() + " in auth/users.json");
        }
        if (manifest.supabase() != null && manifest.supabase().storage() != null) {
            out.printf(LINE, "Files", files(manifest.supabase().storage()));
        }
        printLeftOut(out, manifest);
    }

    private static String files(SupabaseContents.Files files) {
        return files.objects() + " in " + Units.counted(files.buckets(), "bucket") + ", "
                + Units.readable(files.bytes())
                + (files.reused() == 0 ? "" : ", " + files.reused() + " of them from the previous archive")
                + (files.skew() == 0 ? "" : "; " + files.skew() + " more were unavailable");
    }

    private static void printLeftOut(PrintWriter out, Manifest manifest) {
        print(out, "Left out", manifest.leftOut().stream().map(LeftOut::text).toList());
        print(
                out,
                "Missing",
                manifest.missing().stream().map(MissingDependency::text).toList());
        print(out, "Warnings", manifest.warnings());
    }

    private static void print(PrintWriter out, String title, List<String> lines) {
        for (int i = 0; i < Math.min(lines.size(), MOST_LISTED); i++) {
            out.printf(LINE, i == 0 ? title : "", lines.get(i));
        }
        if (lines.size() > MOST_LISTED) {
            out.printf(LINE, "", "and " + (lines.size() - MOST_LISTED) + " more: see manifest.json");
        }
    }

    private static String duration(Map<String, Object> row) {
        if (row.get("started_at") == null || row.get("finished_at") == null) {
            return "-";
        }
        Duration took = Duration.between(instant(row, "started_at"), instant(row, "finished_at"));
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    private static Instant instant(Map<String, Object> row, String column) {
        return ((Timestamp) Objects.requireNonNull(row.get(column), column)).toInstant();
    }
}
