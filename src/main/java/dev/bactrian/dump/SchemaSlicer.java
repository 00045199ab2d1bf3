package dev.bactrian.dump;

import dev.bactrian.archive.Archive;
import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.archive.ArchiveEntryWriter;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.database.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of the one schema dump ({@code pg_restore --verbose --file=-}) into a schema.sql per table. Each object
 * stands under a header that names its place in the catalogs, from which the plan knows its table; comments and grants
 * have no place of their own and follow the object they depend on.
 */
public final class SchemaSlicer {

    private static final String PREAMBLE = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n"
            + "SET check_function_bodies = false;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n";

    private static final String RESTRICT = "\\restrict ";

    /** Writes every table's schema.sql. */
    public void slice(
            @Body InputStream script,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        Map<Long, StringBuilder> slices = new HashMap<>();
        plan.tables().forEach(table -> slices.put(table.oid(), new StringBuilder()));
        try (BackupRun.Work work = run.beginWork();
                BufferedReader lines = new BufferedReader(new InputStreamReader(script, StandardCharsets.UTF_8))) {
            cut(lines, plan, slices);
            for (Table table : plan.tables()) {
                write(table, slices.getOrDefault(table.oid(), new StringBuilder()), archive, contents);
            }
        }
    }

    private static void cut(BufferedReader lines, Plan plan, Map<Long, StringBuilder> slices) throws IOException {
        Map<Integer, Long> tableOfEntry = new HashMap<>();
        TableSettings settings = new TableSettings();
        StringBuilder current = new StringBuilder();
        String closing = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            SchemaEntry entry = SchemaEntry.parse(line);
            if (entry == null) {
                if (line.startsWith(RESTRICT)) {
                    // It opens the script, and the same token closes it (pg_dump 17.6 and its like).
                    closing = "\\unrestrict " + line.substring(RESTRICT.length());
                }
                settings.notice(line);
                if (!line.startsWith("-- Data Pos: ") && !line.equals(closing)) {
                    current.append(line).append('\n');
                }
                continue;
            }
            // The line "--" above the header belongs to it.
            dropLast(current, "--\n");
            String next = lines.readLine();
            SchemaEntry whole = next == null ? entry : entry.withDependencies(next);
            Long table = owner(whole, plan, tableOfEntry);
            if (table != null) {
                tableOfEntry.put(entry.id(), table);
            }
            StringBuilder slice = table == null ? null : slices.get(table);
            current = slice == null
                    ? new StringBuilder()
                    : slice.append(settings.script()).append("--\n");
            if (next != null && whole.dependencies().isEmpty()) {
                current.append(next).append('\n');
            }
        }
    }

    private static void dropLast(StringBuilder text, String end) {
        if (text.length() >= end.length()
                && text.substring(text.length() - end.length()).equals(end)) {
            text.setLength(text.length() - end.length());
        }
    }

    private static @Nullable Long owner(SchemaEntry entry, Plan plan, Map<Integer, Long> tableOfEntry) {
        if (entry.catalog() != 0) {
            return plan.objects().get(new Plan.ObjectId(entry.catalog(), entry.oid()));
        }
        // Attaching a partition names the parent first, then the part: it belongs to the part.
        return entry.dependencies().stream()
                .map(tableOfEntry::get)
                .filter(Objects::nonNull)
                .reduce((first, last) -> last)
                .orElse(null);
    }

    private static void write(Table table, StringBuilder slice, Archive archive, ArchiveContents contents)
            throws IOException {
        String text = slice.isEmpty() && table.extension() != null
                ? "CREATE EXTENSION IF NOT EXISTS " + Table.quote(table.extension()) + ";\n"
                : slice.toString();
        if (text.isEmpty()) {
            throw new IOException("The schema dump has no definition of " + table.quoted());
        }
        ArchiveEntryWriter entry = archive.begin(EntryNames.schemaSql(table));
        entry.write((PREAMBLE + text).getBytes(StandardCharsets.UTF_8));
        entry.close();
        contents.addSchema(table, entry.name());
    }

    /** Settings that pg_restore prints only when they change, and that a table depends on when they aren't the usual. */
    private static final class TableSettings {
        private static final Map<String, String> USUAL = Map.of(
                "SET default_tablespace = ", "SET default_tablespace = '';",
                "SET default_table_access_method = ", "SET default_table_access_method = heap;");

        private final Map<String, String> now = new HashMap<>();

        void notice(String line) {
            USUAL.keySet().stream().filter(line::startsWith).forEach(setting -> now.put(setting, line));
        }

        String script() {
            StringBuilder script = new StringBuilder();
            now.forEach((setting, line) -> {
                if (!line.equals(USUAL.get(setting))) {
                    script.append(line).append('\n');
                }
            });
            return script.toString();
        }
    }
}
