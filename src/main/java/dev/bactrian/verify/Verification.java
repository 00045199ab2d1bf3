package dev.bactrian.verify;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.verify.Difference;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.program.PassFile;
import dev.bactrian.postgres.program.PgProgram;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.program.ProgramFlags;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.rows.MissingMembers;
import dev.bactrian.restore.rows.Sequences;
import dev.bactrian.restore.steps.RestoreProof;
import dev.bactrian.restore.target.Tablespaces;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Compares a scratch database, into which a backup was restored, with the archive: rows, sequences, definitions. */
public final class Verification {

    private static final int MOST_TOLD = 20;

    private final int connections;

    /**
     * Prepares comparisons.
     *
     * @param connections tables that are read at once
     */
    public Verification(int connections) {
        this.connections = connections;
    }

    /** The calls of PostgreSQL's programs that the route makes. */
    public static void bind(BiConsumer<String, Object> registry) {
        registry.accept("scratchDump", PgProgram.silent(ProgramFlags.DEFINITIONS, Verification::scratchDump));
        registry.accept(
                "savedScript",
                PgProgram.silent(ProgramFlags.CUT_SCRIPT, (run, exchange) -> script(run, "schema.dump", "saved.sql")));
        registry.accept(
                "scratchScript",
                PgProgram.silent(
                        ProgramFlags.CUT_SCRIPT, (run, exchange) -> script(run, "scratch.dump", "scratch.sql")));
        ReloadedDefinitions.bind(registry);
    }

    private static List<String> scratchDump(DatabaseRun run, Exchange exchange) {
        return dump(run, exchange, run.getDatabase().url(), "scratch.dump");
    }

    /** How a database's definitions are dumped: as those of the archive were. */
    static List<String> dump(DatabaseRun run, Exchange exchange, DatabaseUrl url, String file) {
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                url.conninfo(PassFile.of(run).toString(), exchange.getProperty("programOptions", "", String.class)),
                "--file=" + run.getFolder().resolve(file)));
        arguments.addAll(exchange.getProperty("saved", SavedBackup.class)
                .manifest()
                .source()
                .dumpEncoding());
        return arguments;
    }

    static List<String> script(DatabaseRun run, String dump, String script) {
        Path folder = run.getFolder();
        return List.of("--file=" + folder.resolve(script), folder.resolve(dump).toString());
    }

    /** Everything in which the database differs from the archive; empty when the backup is proven. */
    public List<Difference> compare(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("tools") PgTools tools,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException, IOException {
        RestoreProof.requireRestored(run);
        requireWhole(plan, run.getPlan());
        Manifest manifest = saved.manifest();
        List<Difference> found = new ArrayList<>();
        for (NotApplied part : run.getReport().getNotApplied()) {
            found.add(new Difference(part.what(), "couldn't be restored: " + part.reason()));
        }
        // What couldn't be there, and what wasn't meant to be.
        Set<String> told = Stream.concat(
                        run.getReport().getNotApplied().stream(), run.getReport().getNotProven().stream())
                .map(part -> new Difference(part.what(), "").object())
                .collect(Collectors.toSet());
        try (StoppableRun.Work work = run.beginWork()) {
            DatabaseComparison database = new DatabaseComparison(target.url(), manifest);
            Runnable stoppable = run.onStop(cause -> database.cancel());
            List<SavedTable> tables = plan.tables().stream()
                    // Their rows are the extension's release's, but for what its users wrote.
                    .filter(table -> table.part().extension() == null || members.hasMade(table.target()))
                    .map(table -> new SavedTable(table.part(), columns(run, table.part())))
                    .toList();
            found.addAll(database.tables(tables, run.getProgress(), connections));
            stoppable.run();
            found.addAll(database.largeObjects(manifest.largeObjects()));
            if (saved.reader().has(EntryNames.SEQUENCES)) {
                SequenceComparison.compare(
                                target.url(),
                                new String(
                                        CheckedEntry.read(saved, EntryNames.SEQUENCES, Sequences.LARGEST_SCRIPT),
                                        StandardCharsets.UTF_8))
                        .stream()
                        .filter(difference -> !told.contains(difference.object()))
                        .forEach(found::add);
            }
            definitions(run, target, manifest, tools).stream()
                    .filter(difference -> !told.contains(difference.object()))
                    .forEach(found::add);
        }
        run.getReport().differs(found.stream().map(Difference::text).toList());
        run.getEvidence().done("direct:compare-scratch");
        return List.copyOf(found);
    }

    /** All tables are compared that were planned, whatever the routes made of the plan since. */
    private static void requireWhole(RestorePlan plan, @Nullable RestorePlan made) {
        if (made == null || !made.tables().equals(plan.tables())) {
            throw LeftOutStep.edited("compare tables other than those that were planned");
        }
    }

    /**
     * The backup that a verification has proven: what is written down as verified.
     *
     * @throws dev.bactrian.problem.ProblemException when something was left out, or differs
     */
    public String proven(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved) {
        RestoreProof.requireRestored(run);
        if (!run.getEvidence().has("direct:compare-scratch")) {
            throw LeftOutStep.refusal(
                    "a verification", Map.of("direct:compare-scratch", "nothing was compared with the archive"));
        }
        if (!run.getReport().getDifferences().isEmpty()) {
            throw LeftOutStep.edited("report a backup that differs as proven");
        }
        run.getEvidence().done("prove-verification");
        return saved.manifest().backupId();
    }

    /** In the order of the archive: a table that inherits may have them in another one, once it was made again. */
    private static @Nullable List<String> columns(RestoreRun run, Manifest.TablePart table) {
        return run.columnsOf(RestorePlan.named(table));
    }

    /** What differs, for a log: a line, of the first ones by name. */
    public String verdict(@ExchangeProperty("differences") List<Difference> differences) {
        String first =
                differences.stream().limit(MOST_TOLD).map(Difference::text).collect(Collectors.joining(" "));
        return differences.size() <= MOST_TOLD ? first : first + " And " + (differences.size() - MOST_TOLD) + " more.";
    }

    /** The comparison of definitions that fits this verification. */
    static SchemaComparison comparison(RestoreRun run, Target target, Manifest manifest, PgTools tools)
            throws SQLException {
        boolean sameVersion = manifest.source().serverMajor() == target.major()
                && manifest.source().pgDumpMajor() == tools.major();
        boolean owners = !run.getRequest().is(dev.bactrian.restore.RestoreRequest.Option.NO_OWNER);
        try (Connection connection = target.connection()) {
            return new SchemaComparison(owners, sameVersion, Tablespaces.usable(connection));
        }
    }

    private static List<Difference> definitions(RestoreRun run, Target target, Manifest manifest, PgTools tools)
            throws IOException, SQLException {
        Path folder = run.getFolder();
        return comparison(run, target, manifest, tools)
                .compare(
                        folder.resolve("saved.sql"),
                        folder.resolve("scratch.sql"),
                        ReloadedDefinitions.scripts(folder));
    }
}
