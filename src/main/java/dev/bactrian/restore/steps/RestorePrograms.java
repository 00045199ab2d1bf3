package dev.bactrian.restore.steps;

import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.program.PgProgram;
import dev.bactrian.postgres.program.ProgramFlags;
import dev.bactrian.restore.ddl.RestoreScripts;
import dev.bactrian.restore.rows.LargeObjects;
import dev.bactrian.restore.target.TargetDefinitions;
import java.util.List;
import java.util.function.BiConsumer;

/** The calls of pg_restore that the routes make. None of them connects: they turn what pg_dump wrote into statements. */
public final class RestorePrograms {

    private RestorePrograms() {}

    /** Gives each call to a registry. */
    public static void bind(BiConsumer<String, Object> registry) {
        registry.accept(
                "beforeRowsScript",
                PgProgram.silent(ProgramFlags.CUT_SCRIPT, (run, exchange) -> script(run, "pre-data")));
        registry.accept(
                "afterRowsScript",
                PgProgram.silent(ProgramFlags.CUT_SCRIPT, (run, exchange) -> script(run, "post-data")));
        registry.accept(
                "targetDump",
                PgProgram.silent(ProgramFlags.TARGET, (run, exchange) -> TargetDefinitions.dump(run, exchange)));
        registry.accept(
                "targetBeforeRowsScript",
                PgProgram.silent(
                        ProgramFlags.CUT_SCRIPT, (run, exchange) -> TargetDefinitions.script(run, "pre-data")));
        registry.accept(
                "targetAfterRowsScript",
                PgProgram.silent(
                        ProgramFlags.CUT_SCRIPT, (run, exchange) -> TargetDefinitions.script(run, "post-data")));
        registry.accept(
                "largeObjectScript",
                PgProgram.filtering(ProgramFlags.LARGE_OBJECT_SCRIPT, (run, exchange) -> largeObjectScript(run)));
    }

    private static List<String> largeObjectScript(DatabaseRun run) {
        run.getEvidence().done(LargeObjects.SCRIPT);
        return List.of("--file=-");
    }

    private static List<String> script(DatabaseRun run, String section) {
        return List.of(
                "--section=" + section,
                "--file=" + RestoreScripts.of(run, section),
                RestoreScripts.schemaDump(run).toString());
    }
}
