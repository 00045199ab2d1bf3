package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.SelectionArguments;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.program.PassFile;
import dev.bactrian.postgres.program.PgOutput;
import dev.bactrian.postgres.program.PgProgram;
import dev.bactrian.postgres.program.ProgramFlags;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.selection.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;

/**
 * The calls of PostgreSQL's programs that the routes make, by the names the routes use. The flags stand in the routes; these
 * are the arguments that each backup has of its own.
 */
public final class PgPrograms {

    /** The step that confirms that the snapshot lived to the end. */
    private static final String SNAPSHOT = "confirm-snapshot";

    private PgPrograms() {}

    /** Gives each call to a registry. */
    public static void bind(BiConsumer<String, Object> registry) {
        registry.accept(
                "schemaDump",
                PgProgram.silent(
                        ProgramFlags.DEFINITIONS,
                        PgPrograms::schemaDump,
                        (run, exchange) -> PgOutput.written(
                                schemaDumpFile(run), EntryNames.SCHEMA_DUMP, "confirm-definitions", SNAPSHOT)));
        registry.accept("schemaScript", PgProgram.printing(ProgramFlags.CUT_SCRIPT, PgPrograms::schemaScript));
        registry.accept(
                "tableDataDump",
                PgProgram.printing(
                        ProgramFlags.ROWS,
                        PgPrograms::tableDataDump,
                        (run, exchange) -> new PgOutput(null, null, List.of(SNAPSHOT))));
        registry.accept(
                "rowCopy",
                PgProgram.scripted(
                        ProgramFlags.COPIED_ROWS,
                        PgPrograms::rowCopy,
                        PgPrograms::rowCopyScript,
                        (run, exchange) -> new PgOutput(null, null, List.of(SNAPSHOT))));
        registry.accept(
                "schemaFormatDump",
                PgProgram.printing(
                        ProgramFlags.FORMAT_DUMP,
                        PgPrograms::schemaFormatDump,
                        (run, exchange) -> format(formatDump(exchange))));
        registry.accept(
                "scriptDump",
                PgProgram.printing(
                        ProgramFlags.FORMAT_SCRIPT,
                        PgPrograms::scriptDump,
                        (run, exchange) -> format(EntryNames.SCRIPT)));
        registry.accept(
                "rolesDump",
                PgProgram.printing(
                        ProgramFlags.ROLES,
                        PgPrograms::rolesDump,
                        (run, exchange) -> PgOutput.printed(EntryNames.ROLES, "confirm-roles", SNAPSHOT)));
        registry.accept(
                "largeObjectsDump",
                PgProgram.printing(
                        ProgramFlags.LARGE_OBJECTS,
                        PgPrograms::largeObjectsDump,
                        (run, exchange) -> PgOutput.printed(EntryNames.LARGE_OBJECTS, SNAPSHOT)));
    }

    private static PgOutput format(String entry) {
        return PgOutput.printed(entry, "confirm-formats", "refuse-changed-sequences", SNAPSHOT);
    }

    private static String formatDump(Exchange exchange) {
        return EntryNames.schemaFormatDump(
                exchange.getMessage().getBody(Plan.Schema.class).name(),
                exchange.getProperty("plan", Plan.class).server().snapshotAt());
    }

    /** Where the schema dump of a backup waits until it is in the archive. */
    static Path schemaDumpFile(DatabaseRun run) {
        return run.getFolder().resolve("schema.dump");
    }

    private static List<String> schemaDump(DatabaseRun run, Exchange exchange) {
        List<String> arguments = dump(run, exchange);
        arguments.add("--file=" + schemaDumpFile(run));
        arguments.addAll(selection(exchange.getProperty("plan", Plan.class)));
        return arguments;
    }

    /** What limits a pg_dump of the whole database to what the plan holds; nothing where that is everything. */
    public static List<String> selection(Plan plan) {
        return SelectionArguments.of(plan.selection());
    }

    /** The same DDL as text, each statement under a header that names its object. */
    private static List<String> schemaScript(DatabaseRun run, Exchange exchange) {
        return List.of("--file=-", schemaDumpFile(run).toString());
    }

    private static List<String> tableDataDump(DatabaseRun run, Exchange exchange) {
        DumpGroup group = exchange.getMessage().getBody(DumpGroup.class);
        if (group.range() != null) {
            throw LeftOutStep.edited("let pg_dump read a table that psql reads in parts");
        }
        List<String> arguments = dump(run, exchange);
        arguments.addAll(SelectionArguments.tables(
                group.tables().stream()
                        .map(table -> new Relation.Named(table.schema(), table.name()))
                        .toList(),
                exchange.getProperty("plan", Plan.class).tables().size()));
        return arguments;
    }

    private static List<String> rowCopy(DatabaseRun run, Exchange exchange) {
        return List.of("--no-password", "-d", connection(run, exchange));
    }

    private static String rowCopyScript(DatabaseRun run, Exchange exchange) {
        RowSource source = exchange.getMessage().getBody(RowSource.class);
        if (source == null) {
            throw LeftOutStep.edited("start psql without saying what it should copy");
        }
        return CopyScript.of(
                source,
                exchange.getProperty("snapshot", Snapshot.class).getId(),
                TableSplitter.textEncoding(exchange.getProperty("plan", Plan.class)));
    }

    private static List<String> rolesDump(DatabaseRun run, Exchange exchange) {
        Plan plan = exchange.getProperty("plan", Plan.class);
        List<String> arguments = new ArrayList<>(List.of("-d", connection(run, exchange)));
        arguments.addAll(RolesDatabase.arguments(run, plan.server()));
        if (!plan.server().canReadPasswords()) {
            arguments.add("--no-role-passwords");
        }
        return arguments;
    }

    /** All large objects and nothing else: every schema is left out. */
    private static List<String> largeObjectsDump(DatabaseRun run, Exchange exchange) {
        List<String> arguments = dump(run, exchange);
        arguments.add("--exclude-schema=*");
        return arguments;
    }

    private static List<String> schemaFormatDump(DatabaseRun run, Exchange exchange) {
        String schema = exchange.getMessage().getBody(Plan.Schema.class).name();
        List<String> arguments = dump(run, exchange);
        arguments.add("--schema=" + Relation.quote(schema));
        Plan plan = exchange.getProperty("plan", Plan.class);
        arguments.addAll(throughTables(plan));
        arguments.addAll(selection(plan));
        return arguments;
    }

    private static List<String> scriptDump(DatabaseRun run, Exchange exchange) {
        Plan plan = exchange.getProperty("plan", Plan.class);
        List<String> arguments = dump(run, exchange);
        if (plan.largeObjects() > 0) {
            arguments.add("--blobs");
        }
        arguments.addAll(throughTables(plan));
        arguments.addAll(selection(plan));
        return arguments;
    }

    /** Rows of partitions that another database deals out otherwise are loaded through their table. */
    private static List<String> throughTables(Plan plan) {
        return plan.wholes().isEmpty() ? List.of() : List.of("--load-via-partition-root");
    }

    private static List<String> dump(DatabaseRun run, Exchange exchange) {
        Snapshot snapshot = exchange.getProperty("snapshot", Snapshot.class);
        List<String> arguments =
                new ArrayList<>(List.of("-d", connection(run, exchange), "--snapshot=" + snapshot.getId()));
        // One encoding for all text, whatever the database's; bytes of SQL_ASCII have none and stay as they are.
        if (!"SQL_ASCII"
                .equals(exchange.getProperty("plan", Plan.class).server().encoding())) {
            arguments.add("--encoding=UTF8");
        }
        return arguments;
    }

    private static String connection(DatabaseRun run, Exchange exchange) {
        String options = exchange.getProperty("programOptions", "", String.class);
        if (!run.getEvidence().isMade(ProgramSettings.OPTIONS, options)) {
            throw LeftOutStep.of(
                    "fix-settings", "a program would start with settings other than those that were checked");
        }
        return run.getDatabase().url().conninfo(PassFile.of(run).toString(), options);
    }
}
