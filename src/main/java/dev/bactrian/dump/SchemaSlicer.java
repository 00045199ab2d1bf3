package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.SavedOutput;
import dev.bactrian.postgres.script.OpenQuote;
import dev.bactrian.postgres.script.SchemaEntry;
import dev.bactrian.postgres.script.ScriptLines;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of the one schema dump ({@code pg_restore --verbose --file=-}) into a schema.sql per table. Each object
 * stands under a header that names its place in the catalogs, from which the plan knows its table; comments and grants
 * have no place of their own and follow the object they depend on.
 */
public final class SchemaSlicer {

    private static final String RESTRICT = "\\restrict ";

    /** Oids of pg_class, pg_attrdef and pg_constraint, the same everywhere. */
    private static final Set<Long> PARTS_OF_A_TABLE = Set.of(1259L, 2604L, 2606L);

    private final UnaryOperator<InputStream> taking;

    public SchemaSlicer() {
        this(output -> SavedOutput.of(output, "cut-into-schema-files"));
    }

    /**
     * Prepares for other streams.
     *
     * @param taking the stream to read from the body
     */
    SchemaSlicer(UnaryOperator<InputStream> taking) {
        this.taking = taking;
    }

    /** Writes every table's schema.sql; fails where the body isn't a program's output. */
    public void slice(
            @Body InputStream body,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork();
                InputStream script = taking.apply(body);
                SchemaSlices slices = new SchemaSlices(run.getFolder().resolve("schema-slices"))) {
            new Cut(plan, slices).all(new ScriptLines(script));
            try (SchemaSlices.Reader reader = slices.read()) {
                byte[] preamble = preamble(TableSplitter.textEncoding(plan));
                for (Table table : plan.tables()) {
                    write(table, preamble, reader, archive, contents);
                }
            }
        }
    }

    private static byte[] preamble(String encoding) {
        return (SessionSettings.scriptHeader(encoding) + "SET check_function_bodies = false;\n\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(
            Table table, byte[] preamble, SchemaSlices.Reader slices, Archive archive, ArchiveContents contents)
            throws IOException {
        String extension = table.extension();
        if (extension == null && slices.isEmpty(table.oid())) {
            throw new IOException("The schema dump has no definition of " + table.quoted());
        }
        ArchiveEntryWriter entry = archive.begin(EntryNames.schemaSql(table));
        entry.write(preamble);
        if (extension != null) {
            entry.write(("CREATE EXTENSION IF NOT EXISTS " + Relation.quote(extension) + ";\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        slices.copy(table.oid(), entry);
        entry.close();
        contents.addSchema(table, new ArchiveContents.Schema(entry.name(), entry.sha256()));
    }

    /** One pass through the script. */
    private static final class Cut {
        private final Plan plan;
        private final SchemaSlices slices;
        private final Map<Long, Long> parents = new HashMap<>();
        private final Map<Integer, Long> tableOfEntry = new HashMap<>();
        private final Set<Integer> definitions = new HashSet<>();
        private final TableSettings settings = new TableSettings();
        private final OpenQuote quote = new OpenQuote();
        private String closing = "";

        Cut(Plan plan, SchemaSlices slices) {
            this.plan = plan;
            this.slices = slices;
            plan.tables().forEach(table -> {
                if (table.partitionOf() != null) {
                    parents.put(table.oid(), table.partitionOf());
                }
            });
        }

        void all(ScriptLines lines) throws IOException {
            boolean heldBack = false;
            for (String line = lines.next(); line != null; line = lines.next()) {
                // Inside a quoted text nothing is a header: whoever owns a function writes its body.
                boolean quoted = quote.isOpen();
                quote.read(line);
                SchemaEntry entry = quoted ? null : SchemaEntry.parse(line);
                if (entry != null) {
                    // The line "--" above the header belongs to it.
                    heldBack = false;
                    begin(entry, lines.next());
                    continue;
                }
                if (heldBack) {
                    slices.line("--");
                }
                heldBack = !quoted && "--".equals(line);
                if (quoted || !heldBack && keep(line)) {
                    slices.line(line);
                }
            }
            if (quote.isOpen()) {
                throw new IOException("The schema dump ends inside a quoted text");
            }
        }

        private void begin(SchemaEntry entry, @Nullable String next) throws IOException {
            SchemaEntry whole = next == null ? entry : entry.withDependencies(next);
            Long table = owner(whole);
            slices.belongTo(null);
            if (table != null) {
                tableOfEntry.put(entry.id(), table);
                place(whole, table);
                for (String setting : settings.changedFor(table)) {
                    slices.line(setting);
                }
                slices.line("--");
            }
            if (next != null && whole.dependencies().isEmpty()) {
                slices.line(next);
            }
        }

        /**
         * A partition is attached once it has its own indexes and constraints: to a parent that is complete already, as
         * when its file was loaded before, it would otherwise get copies of the parent's, and its own would be refused.
         */
        private void place(SchemaEntry entry, long table) {
            boolean definesTable = entry.catalog() == 1259 && entry.oid() == table;
            if (definesTable) {
                definitions.add(entry.id());
            }
            boolean attachesTable = entry.catalog() == 0
                    && entry.dependencies().size() > 1
                    && definitions.containsAll(entry.dependencies());
            boolean mayComeBefore = attachesTable || PARTS_OF_A_TABLE.contains(entry.catalog());
            if (!mayComeBefore) {
                slices.release(table);
            }
            slices.belongTo(table);
            if (attachesTable) {
                slices.hold();
            }
        }

        private boolean keep(String line) {
            if (line.startsWith(RESTRICT)) {
                // It opens the script, and the same token closes it (pg_dump 17.6 and its like).
                closing = "\\unrestrict " + line.substring(RESTRICT.length());
            }
            return !settings.notice(line) && !line.startsWith("-- Data Pos: ") && !line.equals(closing);
        }

        private @Nullable Long owner(SchemaEntry entry) {
            if (entry.catalog() != 0) {
                return plan.objects().get(new Plan.ObjectId(entry.catalog(), entry.oid()));
            }
            Set<Long> mentioned = new LinkedHashSet<>();
            for (Integer id : entry.dependencies()) {
                Long table = tableOfEntry.get(id);
                if (table != null) {
                    mentioned.add(table);
                }
            }
            // Attaching a part mentions those above it too, in any order: it belongs to the part.
            Set<Long> lowest = new LinkedHashSet<>(mentioned);
            mentioned.forEach(table -> lowest.remove(parents.get(table)));
            for (Long table : lowest) {
                Long parent = parents.get(table);
                if (parent != null && mentioned.contains(parent)) {
                    return table;
                }
            }
            return mentioned.isEmpty() ? null : mentioned.iterator().next();
        }
    }
}
