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
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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

    private static final Long NO_TABLE = -1L;
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
        Map<Long, Long> parents = new HashMap<>();
        plan.tables()
                .forEach(table -> parents.put(table.oid(), Objects.requireNonNullElse(table.partitionOf(), NO_TABLE)));
        TableSettings settings = new TableSettings();
        OpenQuote quote = new OpenQuote();
        StringBuilder current = new StringBuilder();
        String closing = "";
        for (String line = readLine(lines); line != null; line = readLine(lines)) {
            // Inside a quoted text nothing is a header: whoever owns a function writes its body.
            boolean quoted = quote.isOpen();
            quote.read(line);
            SchemaEntry entry = quoted ? null : SchemaEntry.parse(line);
            if (quoted) {
                current.append(line).append('\n');
                continue;
            }
            if (entry == null) {
                if (line.startsWith(RESTRICT)) {
                    // It opens the script, and the same token closes it (pg_dump 17.6 and its like).
                    closing = "\\unrestrict " + line.substring(RESTRICT.length());
                }
                if (!settings.notice(line) && !line.startsWith("-- Data Pos: ") && !line.equals(closing)) {
                    current.append(line).append('\n');
                }
                continue;
            }
            // The line "--" above the header belongs to it.
            dropLast(current, "--\n");
            String next = readLine(lines);
            SchemaEntry whole = next == null ? entry : entry.withDependencies(next);
            Long table = owner(whole, plan, parents, tableOfEntry);
            if (table != null) {
                tableOfEntry.put(entry.id(), table);
            }
            StringBuilder slice = table == null ? null : slices.get(table);
            current = slice == null
                    ? new StringBuilder()
                    : slice.append(settings.changedFor(table)).append("--\n");
            if (next != null && whole.dependencies().isEmpty()) {
                current.append(next).append('\n');
            }
        }
        if (quote.isOpen()) {
            throw new IOException("The schema dump ends inside a quoted text");
        }
    }

    /** Up to a line feed alone: carriage returns are parts of values. */
    private static @Nullable String readLine(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    private static void dropLast(StringBuilder text, String end) {
        if (text.length() >= end.length()
                && text.substring(text.length() - end.length()).equals(end)) {
            text.setLength(text.length() - end.length());
        }
    }

    private static @Nullable Long owner(
            SchemaEntry entry, Plan plan, Map<Long, Long> parents, Map<Integer, Long> tableOfEntry) {
        if (entry.catalog() != 0) {
            return plan.objects().get(new Plan.ObjectId(entry.catalog(), entry.oid()));
        }
        Set<Long> mentioned = new LinkedHashSet<>();
        entry.dependencies().forEach(id -> mentioned.add(tableOfEntry.getOrDefault(id, NO_TABLE)));
        mentioned.remove(NO_TABLE);
        // Attaching a part mentions the parent too, in either order: it belongs to the part.
        return mentioned.stream()
                .filter(table -> mentioned.contains(parents.getOrDefault(table, NO_TABLE)))
                .findFirst()
                .or(() -> mentioned.stream().findFirst())
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

    /**
     * Settings that pg_restore prints only when they change, in the text of whatever came before: each table's script
     * gets its own.
     */
    private static final class TableSettings {
        private static final Map<String, String> USUAL = Map.of(
                "SET default_tablespace = ", "SET default_tablespace = '';",
                "SET default_table_access_method = ", "SET default_table_access_method = heap;");

        private final Map<String, String> now = new TreeMap<>(USUAL);
        private final Map<Long, Map<String, String>> inScripts = new HashMap<>();

        /** Whether this line is such a setting. */
        boolean notice(String line) {
            for (String setting : USUAL.keySet()) {
                if (line.startsWith(setting)) {
                    now.put(setting, line);
                    return true;
                }
            }
            return false;
        }

        /** What a table's script must set before its next object. */
        String changedFor(@Nullable Long table) {
            Map<String, String> set = inScripts.computeIfAbsent(table, none -> new HashMap<>(USUAL));
            StringBuilder script = new StringBuilder();
            now.forEach((setting, line) -> {
                if (!line.equals(set.put(setting, line))) {
                    script.append(line).append('\n');
                }
            });
            return script.toString();
        }
    }
}
