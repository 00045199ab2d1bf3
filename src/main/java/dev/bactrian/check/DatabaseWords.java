package dev.bactrian.check;

import dev.bactrian.backup.FailureTrail;
import dev.bactrian.dump.plan.SupabaseRecognition;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.selection.Selection;
import dev.bactrian.supabase.storage.FilePlan;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the routes have found in a database that could be connected to, in words, one result per question. */
final class DatabaseWords {

    /** Questions by their names in the route, which are those of their results. */
    private static final String REACHABLE = "reachable";

    private static final String PROGRAMS = "pg_dump";
    private static final String CONNECTIONS = "connections";
    private static final String SETTINGS = "settings";
    private static final String PROJECT = "Supabase";
    private static final String READABLE = "everything readable";
    private static final String FILES = "files";
    /** All that a backup asks, in one; it has no result of its own, as has the last part of it. */
    private static final String DETECT = "detect";

    private static final String PLAN = "plan";

    private static final String TLS =
            "SELECT coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), 'none')";

    private final ErrorTranslators translators;
    private final ConnectionCheck connections;
    private final SupabaseRecognition recognition;

    DatabaseWords(ErrorTranslators translators, ConnectionCheck connections, SupabaseRecognition recognition) {
        this.translators = translators;
        this.connections = connections;
        this.recognition = recognition;
    }

    /**
     * The results, in their order.
     *
     * @param asked what the route has left: its properties and headers are those of a backup
     */
    List<CheckResult> of(Database database, Exchange asked, DatabaseFindings findings) {
        return new One(database, asked, findings).results();
    }

    /** A question that failed, by the step of the route that did; by the question itself, where Java asked it. */
    CheckResult bad(String subject, String question, Throwable failure, Exchange asked) {
        FailureTrail trail = asked.getContext().getRegistry().findSingleByType(FailureTrail.class);
        String step = trail == null ? null : trail.of(failure);
        return CheckResult.bad(
                subject, question, translators.explain(failure, step == null ? subject + ": " + question : step));
    }

    /** The words for one database. */
    private final class One {

        private final Database database;
        private final Exchange asked;
        private final DatabaseFindings findings;
        private final String subject;

        One(Database database, Exchange asked, DatabaseFindings findings) {
            this.database = database;
            this.asked = asked;
            this.findings = findings;
            this.subject = "database " + database.name();
        }

        List<CheckResult> results() {
            List<CheckResult> results = new ArrayList<>();
            if (findings.failure(REACHABLE).isPresent()) {
                results.add(result(REACHABLE, () -> ""));
                return results;
            }
            ServerInfo server = header("server", ServerInfo.class);
            Snapshot snapshot = property("snapshot", Snapshot.class);
            results.add(result(
                    REACHABLE,
                    () -> "PostgreSQL " + server.version() + ", " + Units.readable(server.databaseSize()) + ", as "
                            + server.role()));
            results.add(result("encryption", () -> encryption(snapshot)));
            results.add(result(PROGRAMS, () -> {
                PgTools found = property("tools", PgTools.class);
                return found.version() + " in " + found.folder() + " reads server " + server.version()
                        + (found.has("psql") ? "" : "; without psql, large tables are read as a whole");
            }));
            results.add(result(CONNECTIONS, () -> connections.look(database.url(), limits())));
            results.add(result("snapshot", () -> {
                try (Connection other =
                        Snapshot.importInto(database.url(), snapshot.getId(), false, ConnectionRetry.none())) {
                    return "exported and imported";
                }
            }));
            results.add(result(SETTINGS, () -> {
                String options = property("programOptions", String.class);
                return options.isEmpty()
                        ? "as pg_dump needs them"
                        : "pg_dump is started with others: " + options.replace("-c ", "");
            }));
            project(results);
            results.add(readable());
            files(results);
            return results;
        }

        private String encryption(Snapshot snapshot) {
            return "sslmode=" + database.url().sslmode() + ", in use: "
                    + new JdbcTemplate(snapshot.dataSource()).queryForObject(TLS, String.class);
        }

        @SuppressWarnings("unchecked")
        private Map<String, Object> limits() {
            return header("connections", Map.class);
        }

        /** Nothing where nothing points to a project. */
        private void project(List<CheckResult> results) {
            if (findings.failure(PROJECT).isPresent()) {
                results.add(result(PROJECT, () -> ""));
            } else if (asked.getMessage().getHeader("supabase") instanceof SupabaseTables found) {
                recognition
                        .describe(database, found)
                        .ifPresent(text -> results.add(CheckResult.good(subject, PROJECT, text)));
            }
        }

        /** With what fails in a backup and in none of the questions by themselves. */
        private CheckResult readable() {
            boolean elsewhere = Stream.of(PROGRAMS, PROJECT, READABLE, FILES)
                    .anyMatch(question -> findings.failure(question).isPresent());
            return findings.failure(elsewhere ? READABLE : DETECT)
                    .or(() -> findings.failure(PLAN))
                    .map(failure -> bad(READABLE, failure))
                    .orElseGet(() -> result(READABLE, this::tables));
        }

        @SuppressWarnings("unchecked")
        private String tables() {
            Selection selection = property("selection", Selection.class);
            long tables = ((List<Map<String, Object>>) header("tables", List.class))
                    .stream()
                            .filter(row ->
                                    selection.holds(String.valueOf(row.get("schema")), String.valueOf(row.get("name"))))
                            .count();
            return Units.counted(tables, "table")
                    + (selection.isPartial() ? "; left out: " + selection.getSummary() : "")
                    + (selection.warnings().isEmpty() ? "" : "; " + selection.getWarning());
        }

        /** Nothing where the database isn't a project's with files, or they aren't to be saved. */
        private void files(List<CheckResult> results) {
            FilePlan plan = asked.getProperty("filePlan", FilePlan.class);
            if (plan != null || findings.failure(FILES).isPresent()) {
                results.add(result(FILES, () -> found(Objects.requireNonNull(plan))));
            }
        }

        private static String found(FilePlan plan) {
            return Units.counted(plan.objects(), "file") + " in "
                    + Units.counted(plan.buckets().size(), "bucket") + ", " + Units.readable(plan.bytes())
                    + (plan.objects() == 0 ? "" : ", readable with this key");
        }

        private CheckResult result(String question, Callable<String> text) {
            return findings.failure(question)
                    .map(failure -> bad(question, failure))
                    .orElseGet(() -> {
                        try {
                            return CheckResult.good(subject, question, text.call());
                        } catch (Exception e) {
                            return bad(question, e);
                        }
                    });
        }

        private CheckResult bad(String question, Throwable failure) {
            return DatabaseWords.this.bad(subject, question, failure, asked);
        }

        private <T> T header(String name, Class<T> type) {
            return Objects.requireNonNull(asked.getMessage().getHeader(name, type), name);
        }

        private <T> T property(String name, Class<T> type) {
            return Objects.requireNonNull(asked.getProperty(name, type), name);
        }
    }
}
