package dev.bactrian.check;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.Snapshots;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseAddress;
import dev.bactrian.problem.CheckResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Looks whether a database could be backed up now: sends it through the routes, and puts their findings into words. */
final class DatabaseCheck {

    private static final String ROUTE = "direct:check-database";

    private final Supplier<CamelContext> camel;
    private final DatabaseWords words;

    DatabaseCheck(Supplier<CamelContext> camel, DatabaseWords words) {
        this.camel = camel;
        this.words = words;
    }

    /** One result per precondition; those that need a connection are left out when there is none. */
    List<CheckResult> check(Database database) {
        String subject = "database " + database.name();
        List<CheckResult> results = new ArrayList<>();
        results.add(CheckResult.good(subject, "address", SupabaseAddress.of(database.url()) + ": " + database.url()));
        DatabaseFindings findings = new DatabaseFindings();
        try (BackupRun run = BackupRun.trial(database);
                ProducerTemplate routes = camel.get().createProducerTemplate()) {
            Exchange asked = routes.request(ROUTE, exchange -> {
                exchange.setProperty("run", run);
                exchange.setProperty("findings", findings);
            });
            if (asked.getException() != null) {
                results.add(words.bad(subject, "reachable", asked.getException(), asked));
                return results;
            }
            boolean sessions = run.getEvidence().has(Snapshots.SESSIONS);
            if (sessions) {
                results.add(CheckResult.good(
                        subject,
                        "session mode",
                        "each connection keeps its session (port "
                                + database.url().port() + ")"));
            }
            findings.failure("snapshot")
                    .ifPresentOrElse(
                            failure -> results.add(words.bad(subject, refused(failure, sessions), failure, asked)),
                            () -> results.addAll(words.of(database, asked, findings)));
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which question it answers that there is no snapshot. */
    private static String refused(Throwable failure, boolean sessions) {
        return failure.getCause() instanceof SQLException ? "reachable" : sessions ? "snapshot" : "session mode";
    }
}
