package dev.bactrian.dump;

import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.PoolerErrors;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.SessionSettings.Deviation;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's programs must be started with, so that settings of a database, a role or a server don't change what
 * they print: the startup parameter {@code options} of libpq (PostgreSQL manual, "Parameter Key Words"). Where nothing
 * deviates it is left out, because poolers don't pass it on: PgBouncer refuses what it doesn't know in it (or, told by
 * {@code ignore_startup_parameters}, drops it), Supavisor knows some of its own. Where something does, it is tried first.
 */
public final class ProgramSettings {

    static final String OPTIONS = "options";

    /**
     * The value of {@code options}; empty when there is nothing to say.
     *
     * @throws ProblemException when something deviates and can't be changed from here
     */
    public String of(@ExchangeProperty("run") DatabaseRun run) {
        String options = of(run.getDatabase().url(), ConnectionRetry.of(run));
        run.getEvidence().made(OPTIONS, options);
        run.getEvidence().done("fix-settings");
        return options;
    }

    /** Warns of settings of the server by which rows would be lacking without an error. */
    public void warnOfHiddenDamage(
            @ExchangeProperty("run") DatabaseRun run, @ExchangeProperty("snapshot") Snapshot snapshot)
            throws SQLException {
        try (Connection connection = snapshot.dataSource().getConnection()) {
            for (String name : SessionSettings.hidingDamage(connection)) {
                run.warn(name
                        + " is on: the server skips rows that it can't read, or reads damaged ones, without an error, "
                        + "so rows may be missing in this backup. Turn it off for the role that makes backups (as "
                        + "superuser: ALTER ROLE … SET " + name + " = off), and repair what then fails.");
            }
        }
        run.getEvidence().done("warn-of-hidden-damage");
    }

    /** As {@link #of(DatabaseRun)}, of a database. */
    public static String of(DatabaseUrl url, ConnectionRetry retry) {
        List<Deviation> deviations = deviations(url, retry, "");
        if (deviations.isEmpty()) {
            return "";
        }
        String options = deviations.stream()
                .map(deviation -> "-c " + deviation.name() + "=" + deviation.wanted())
                .collect(Collectors.joining(" "));
        List<Deviation> left = deviations(url, retry, options);
        if (!left.isEmpty()) {
            throw refused(url, left, null);
        }
        return options;
    }

    private static List<Deviation> deviations(DatabaseUrl url, ConnectionRetry retry, String options) {
        Properties properties = url.jdbcProperties();
        if (!options.isEmpty()) {
            properties.setProperty(OPTIONS, (url.options() + " " + options).strip());
        }
        try (Connection fresh = retry.connect(url, () -> DriverManager.getConnection(url.jdbcUrl(), properties))) {
            return SessionSettings.deviations(fresh);
        } catch (SQLException e) {
            if (options.isEmpty() || PoolerErrors.isFull(e.getMessage())) {
                throw DatabaseErrors.connecting(url, e);
            }
            throw refused(url, deviations(url, retry, ""), e);
        }
    }

    private static ProblemException refused(
            DatabaseUrl url, List<Deviation> deviations, @Nullable SQLException because) {
        String settings = deviations.stream()
                .map(deviation -> deviation.name() + " = " + deviation.value())
                .collect(Collectors.joining(", "));
        String statements = deviations.stream()
                .map(deviation ->
                        "ALTER ROLE " + Relation.quote(url.user().replaceFirst("\\.[a-z]{20}$", "")) + " IN DATABASE "
                                + Relation.quote(url.database()) + " SET " + deviation.name() + " = "
                                + Relation.literal(deviation.wanted()) + ";")
                .collect(Collectors.joining(" "));
        return new ProblemException(
                new Problem(
                        url + " has settings that make pg_dump write what can't be read back (" + settings
                                + "), and a pooler in between doesn't pass on the startup parameters that change them.",
                        "Connect to the server without the pooler; or run there (it affects only this role): "
                                + statements),
                because);
    }
}
