package dev.bactrian.verify;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.meaning.ExtensionSchemas;
import dev.bactrian.postgres.program.PassFile;
import dev.bactrian.postgres.program.PgProgram;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.program.ProgramFlags;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.Tablespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * What PostgreSQL itself makes of an archive's definitions: its own pg_restore puts them into a second scratch database, of
 * which a dump is taken. PostgreSQL prints some expressions otherwise once they were read back, so that the text of a
 * definition and that of the same one, restored, differ; what pg_restore makes of the saved one is the same, then.
 */
public final class ReloadedDefinitions {

    /** By an empty search path as pg_restore itself does it; by the one that a restore takes; with public as well. */
    private static final List<String> MORE = List.of("", "", ", public");

    /** pg_restore empties the search path itself; this sets it for each of its statements. */
    private static final String WIDEN =
            """
            CREATE FUNCTION pg_catalog.bactrian_search_path() RETURNS event_trigger LANGUAGE plpgsql AS $f$
            BEGIN
                -- Scripts of extensions have a path of their own.
                IF pg_catalog.current_setting('search_path') IN ('', '""') THEN
                    PERFORM pg_catalog.set_config('search_path', 'pg_catalog'
                        || coalesce((SELECT pg_catalog.string_agg(', ' || pg_catalog.quote_ident(nspname), '')
                                       FROM (%s) AS s), '') || '%s', true);
                END IF;
            END $f$;
            CREATE EVENT TRIGGER bactrian_search_path ON ddl_command_start
                EXECUTE FUNCTION pg_catalog.bactrian_search_path()""";

    static void bind(BiConsumer<String, Object> registry) {
        registry.accept("reload", PgProgram.silent(ProgramFlags.RELOAD, ReloadedDefinitions::reload));
        registry.accept(
                "reloadedDump",
                PgProgram.silent(
                        ProgramFlags.DEFINITIONS,
                        (run, exchange) -> Verification.dump(run, exchange, url(exchange), next(run) + ".dump")));
        registry.accept(
                "reloadedScript",
                PgProgram.silent(
                        ProgramFlags.CUT_SCRIPT,
                        (run, exchange) -> Verification.script(run, next(run) + ".dump", next(run) + ".sql")));
    }

    private static String next(DatabaseRun run) {
        return name(scripts(run.getFolder()).size());
    }

    private static String name(int number) {
        return "reloaded-" + number;
    }

    private static DatabaseUrl url(Exchange exchange) {
        return exchange.getProperty("second", DatabaseUrl.class);
    }

    /** As a restore does it: what can't be made doesn't stop the others. */
    private static List<String> reload(DatabaseRun run, Exchange exchange) {
        List<String> arguments = new ArrayList<>(
                List.of("--dbname=" + url(exchange).conninfo(PassFile.of(run).toString())));
        if (run instanceof RestoreRun restore) {
            if (restore.getRequest().is(Option.NO_OWNER)) {
                arguments.add("--no-owner");
                arguments.add("--no-privileges");
            }
            if (Tablespaces.areMissing(restore.getReport())) {
                arguments.add("--no-tablespaces");
            }
        }
        arguments.add(run.getFolder().resolve("schema.dump").toString());
        return arguments;
    }

    /** Scripts of what pg_restore has made, as often as it was asked to. */
    static List<Path> scripts(Path folder) {
        return IntStream.range(0, MORE.size())
                .mapToObj(number -> folder.resolve(name(number) + ".sql"))
                .filter(Files::exists)
                .toList();
    }

    /** Whether something has a text that nothing explains so far, and there is another way to look; for the route. */
    public boolean areWanted(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("tools") PgTools tools)
            throws IOException, SQLException {
        Path folder = run.getFolder();
        List<Path> known = scripts(folder);
        // Event triggers are a superuser's.
        int ways = run.getRequest().is(Option.NO_OWNER) ? 1 : MORE.size();
        return known.size() < ways
                && Verification.comparison(run, target, saved.manifest(), tools)
                        .hasOtherTexts(folder.resolve("saved.sql"), folder.resolve("scratch.sql"), known);
    }

    /** Sets by which search path pg_restore's statements run. */
    public void setPath(@ExchangeProperty("second") DatabaseUrl second, @ExchangeProperty("run") RestoreRun run)
            throws SQLException {
        int number = scripts(run.getFolder()).size();
        if (number == 0) {
            return;
        }
        try (Connection connection = Target.connect(second)) {
            Target.execute(connection, WIDEN.formatted(ExtensionSchemas.QUERY, MORE.get(number)));
        }
    }
}
