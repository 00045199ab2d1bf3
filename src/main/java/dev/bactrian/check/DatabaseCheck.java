package dev.bactrian.check;

import dev.bactrian.dump.ProgramSettings;
import dev.bactrian.dump.plan.ObjectSelection;
import dev.bactrian.dump.plan.ReadAccess;
import dev.bactrian.dump.plan.SupabaseRecognition;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SessionMode;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseAddress;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Rule;
import dev.bactrian.selection.Selection;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks whether one database could be backed up now, with the very queries that a backup uses. */
final class DatabaseCheck {

    /** The name of the result that says that the database keeps sessions. */
    public static final String SESSIONS = "session mode";

    private static final String TLS =
            "SELECT coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), 'none')";

    /** A value that the routes give to a query. */
    private static final Pattern PARAMETER = Pattern.compile(":#\\$\\{[^}]*}");

    private final ObjectSelection objects = new ObjectSelection();
    private final Path sql;
    private final PgToolsFinder tools;
    private final ErrorTranslators translators;
    private final ConnectionCheck connections;
    private final SupabaseRecognition recognition;

    /**
     * Prepares the check.
     *
     * @param sql folder of the detection queries
     */
    DatabaseCheck(
            Path sql,
            PgToolsFinder tools,
            ErrorTranslators translators,
            ConnectionCheck connections,
            SupabaseRecognition recognition) {
        this.sql = sql;
        this.tools = tools;
        this.translators = translators;
        this.connections = connections;
        this.recognition = recognition;
    }

    /** One result per precondition; those that need a connection are left out when there is none. */
    public List<CheckResult> check(Database database) {
        String subject = "database " + database.name();
        List<CheckResult> results = new ArrayList<>();
        results.add(CheckResult.good(subject, "address", SupabaseAddress.of(database.url()) + ": " + database.url()));
        try {
            // Before anything is set there.
            SessionMode.prove(database.url(), SessionMode.Need.BACKUP, ConnectionRetry.none());
            results.add(CheckResult.good(
                    subject,
                    SESSIONS,
                    "each connection keeps its session (port " + database.url().port() + ")"));
        } catch (ProblemException e) {
            results.add(CheckResult.bad(subject, SESSIONS, e.problem()));
            return results;
        } catch (SQLException e) {
            results.add(CheckResult.bad(
                    subject,
                    "reachable",
                    DatabaseErrors.connecting(database.url(), e).problem()));
            return results;
        }
        try (Snapshot snapshot = Snapshot.export(database.url(), ConnectionRetry.none())) {
            JdbcTemplate jdbc = new JdbcTemplate(snapshot.dataSource());
            ServerInfo server = ServerInfo.of(one(jdbc, "detect-server.sql"));
            results.add(CheckResult.good(
                    subject,
                    "reachable",
                    "PostgreSQL " + server.version() + ", " + Units.readable(server.databaseSize()) + ", as "
                            + server.role()));
            results.add(result(
                    subject,
                    "encryption",
                    () -> "sslmode=" + database.url().sslmode() + ", in use: "
                            + jdbc.queryForObject(TLS, String.class)));
            results.add(result(subject, "pg_dump", () -> {
                PgTools found = tools.forServer(server);
                return found.version() + " in " + found.folder() + " reads server " + server.version();
            }));
            Map<String, Object> limits = one(jdbc, "check-connections.sql");
            results.add(result(subject, "connections", () -> connections.look(database.url(), limits)));
            results.add(result(subject, "snapshot", () -> {
                try (Connection other =
                        Snapshot.importInto(database.url(), snapshot.getId(), false, ConnectionRetry.none())) {
                    return "exported and imported";
                }
            }));
            results.add(result(subject, "settings", () -> {
                String options = ProgramSettings.of(database.url(), ConnectionRetry.none());
                return options.isEmpty()
                        ? "as pg_dump needs them"
                        : "pg_dump is started with others: " + options.replace("-c ", "");
            }));
            supabase(database, jdbc, subject).ifPresent(results::add);
            results.add(result(subject, "everything readable", () -> {
                Selection selection = ObjectSelection.limited(selection(jdbc, database, server), database, server);
                List<Map<String, Object>> refusals = jdbc.queryForList(query("detect-refusals.sql"));
                var refusal = ReadAccess.explain(ReadAccess.concerning(selection, refusals), server.role());
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                return tables(jdbc, selection);
            }));
        } catch (Exception e) {
            results.add(CheckResult.bad(subject, "reachable", translators.explain(e, null)));
        }
        return results;
    }

    private Optional<CheckResult> supabase(Database database, JdbcTemplate jdbc, String subject) throws IOException {
        SupabaseTables found = SupabaseTables.of(one(jdbc, "detect-supabase.sql"), database.recognition());
        try {
            return recognition.describe(database, found).map(text -> CheckResult.good(subject, "Supabase", text));
        } catch (ProblemException e) {
            return Optional.of(CheckResult.bad(subject, "Supabase", e.problem()));
        }
    }

    /** What the settings leave out, found as routes/backup/select.camel.yaml does. */
    private Selection selection(JdbcTemplate jdbc, Database database, ServerInfo server) throws IOException {
        List<Rule> rules = database.filters().rules();
        if (rules.isEmpty()) {
            return Selection.everything();
        }
        jdbc.queryForList(query("use-search-path.sql"));
        List<Map<String, Object>> matches = jdbc.queryForList(
                PARAMETER.matcher(query("match-patterns.sql")).replaceAll("?"), objects.patterns(rules));
        jdbc.queryForList(query("drop-search-path.sql"));
        return objects.select(
                rules,
                server,
                jdbc.queryForList(query("detect-schemas.sql")),
                matches,
                jdbc.queryForList(query("detect-relations.sql")),
                jdbc.queryForList(query("detect-needs.sql")));
    }

    private String tables(JdbcTemplate jdbc, Selection selection) throws IOException {
        long tables = jdbc.queryForList(query("detect-tables.sql")).stream()
                .filter(row -> selection.holds(String.valueOf(row.get("schema")), String.valueOf(row.get("name"))))
                .count();
        return Units.counted(tables, "table")
                + (selection.isPartial() ? "; left out: " + selection.getSummary() : "")
                + (selection.warnings().isEmpty() ? "" : "; " + selection.getWarning());
    }

    private CheckResult result(String subject, String name, Callable<String> check) {
        try {
            return CheckResult.good(subject, name, check.call());
        } catch (ProblemException e) {
            return CheckResult.bad(subject, name, e.problem());
        } catch (Exception e) {
            return CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name));
        }
    }

    private Map<String, Object> one(JdbcTemplate jdbc, String file) throws IOException {
        return jdbc.queryForMap(query(file));
    }

    private String query(String file) throws IOException {
        return Files.readString(sql.resolve(file));
    }
}
