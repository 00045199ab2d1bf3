package dev.bactrian.verify;

import dev.bactrian.backup.StoppableRun;
import dev.bactrian.database.DatabaseUrl;
import dev.bactrian.dump.PassFile;
import dev.bactrian.dump.PgProgram;
import dev.bactrian.dump.PgTools;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.SavedBackup;
import dev.bactrian.restore.Tablespaces;
import dev.bactrian.restore.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * What PostgreSQL itself makes of an archive's definitions: its own pg_restore puts them into a second scratch database, of
 * which a dump is taken. PostgreSQL prints some expressions otherwise once they were read back, so that the text of a
 * definition and that of the same one, restored, differ; what pg_restore makes of the saved one is the same, then.
 */
public final class ReloadedDefinitions {

    private static final String USUAL = "reloaded";
    /** Where names without a schema are found, too. */
    private static final String WIDE = "reloaded-wide";

    /**
     * By which pg_restore's statements find what {@code public} and extensions have, though it empties the search path itself.
     * What the archive's own event triggers do to statements isn't wanted any more by then.
     */
    private static final String WIDEN =
            """
            DO $do$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT evtname FROM pg_catalog.pg_event_trigger LOOP
                    EXECUTE pg_catalog.format('DROP EVENT TRIGGER %I', name);
                END LOOP;
            END $do$;
            CREATE FUNCTION pg_catalog.bactrian_widen() RETURNS event_trigger LANGUAGE plpgsql AS $f$
            BEGIN
                PERFORM pg_catalog.set_config('search_path', 'pg_catalog'
                        || coalesce((SELECT pg_catalog.string_agg(DISTINCT ', ' || pg_catalog.quote_ident(n.nspname), '')
                                       FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                                      WHERE n.nspname NOT IN ('pg_catalog', 'public')), '')
                        || ', public', false);
            END $f$;
            CREATE EVENT TRIGGER bactrian_widen ON ddl_command_start EXECUTE FUNCTION pg_catalog.bactrian_widen()""";

    static void bind(BiConsumer<String, Object> registry) {
        registry.accept("reload", PgProgram.silent(ReloadedDefinitions::reload));
        registry.accept(
                "reloadedDump",
                PgProgram.silent((run, exchange) -> Verification.dump(run, exchange, url(exchange), USUAL + ".dump")));
        registry.accept(
                "reloadedScript",
                PgProgram.silent((run, exchange) -> Verification.script(run, USUAL + ".dump", USUAL + ".sql")));
        registry.accept(
                "reloadedWideDump",
                PgProgram.silent((run, exchange) -> Verification.dump(run, exchange, url(exchange), WIDE + ".dump")));
        registry.accept(
                "reloadedWideScript",
                PgProgram.silent((run, exchange) -> Verification.script(run, WIDE + ".dump", WIDE + ".sql")));
    }

    private static DatabaseUrl url(Exchange exchange) {
        return exchange.getProperty("second", DatabaseUrl.class);
    }

    /** As a restore does it: what can't be made doesn't stop the others. */
    private static List<String> reload(StoppableRun run, Exchange exchange) {
        List<String> arguments = new ArrayList<>(List.of(
                "--dbname=" + url(exchange).conninfo(PassFile.of(run).toString()),
                "--schema-only",
                "--no-subscriptions"));
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

    /** Scripts of what pg_restore has made, as far as it was asked to. */
    static List<Path> scripts(Path folder) {
        return Stream.of(USUAL, WIDE)
                .map(name -> folder.resolve(name + ".sql"))
                .filter(Files::exists)
                .toList();
    }

    /** How many of the archive's definitions have another text in the scratch database; for the route. */
    public int otherTexts(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("tools") PgTools tools)
            throws IOException, SQLException {
        return Verification.comparison(run, target, saved.manifest(), tools)
                .otherTexts(file(run, "saved.sql"), file(run, "scratch.sql"));
    }

    /** How many of these pg_restore couldn't make; for the route. */
    public int notReloaded(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("tools") PgTools tools)
            throws IOException, SQLException {
        return Verification.comparison(run, target, saved.manifest(), tools)
                .otherTextsNotIn(file(run, USUAL + ".sql"), file(run, "saved.sql"), file(run, "scratch.sql"));
    }

    /** Lets pg_restore find names that aren't qualified, where the role may do that; else what fails goes on failing. */
    public void widen(@ExchangeProperty("second") DatabaseUrl second, @ExchangeProperty("run") RestoreRun run)
            throws SQLException {
        if (run.getRequest().is(Option.NO_OWNER)) {
            // It isn't a superuser's.
            return;
        }
        try (Connection connection = Target.connect(second);
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(WIDEN);
        }
    }

    private static Path file(RestoreRun run, String name) {
        return run.getFolder().resolve(name);
    }
}
