package dev.bactrian.history;

import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Causes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/**
 * Names that migrations are going to make, and that something else in the schema has already: whoever may create there could keep the
 * service from starting with them, so each is named with its owner and the statement that moves it.
 */
final class TakenNames {

    private static final String TAKEN = HistoryGuard.text("/db/taken.sql");

    /** A relation or type, an object, or a function of that name is there already. */
    private static final Set<String> DUPLICATES = Set.of("42P07", "42710", "42723");

    private final DatabaseUrl url;
    private final HistorySchema schema;
    private final DataSource dataSource;

    /**
     * Prepares.
     *
     * @param dataSource whose sessions' path is {@link SessionSettings#SAFE_PATH}
     */
    TakenNames(DatabaseUrl url, HistorySchema schema, DataSource dataSource) {
        this.url = url;
        this.schema = schema;
        this.dataSource = dataSource;
    }

    /**
     * Migrates, unless a name is taken.
     *
     * @throws ProblemException with what has the name and what to do, before anything is changed where that can be seen before
     */
    void migrate(Flyway flyway) {
        refuse(flyway, true, null);
        try {
            flyway.migrate();
        } catch (RuntimeException e) {
            SQLException duplicate = duplicate(e);
            if (duplicate != null) {
                refuse(flyway, false, duplicate);
            }
            throw e;
        }
    }

    /**
     * Looks, and refuses.
     *
     * @param before whether another service may be about to make them, so that what looks like the history's own is left to the migration
     * @param failure what the server has said after all; null before it was asked
     */
    private void refuse(Flyway flyway, boolean before, @Nullable SQLException failure) {
        List<String> pending = new ArrayList<>();
        for (MigrationInfo migration : flyway.info().pending()) {
            pending.add(HistoryGuard.text("/db/migration/" + migration.getScript()));
        }
        if (pending.isEmpty() && failure == null) {
            return;
        }
        NewNames names = NewNames.of(pending);
        Set<String> findings = new LinkedHashSet<>();
        Set<String> remedies = new LinkedHashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKEN)) {
            statement.setString(1, schema.name());
            statement.setArray(2, array(connection, names.relations()));
            statement.setArray(3, array(connection, names.tables()));
            statement.setArray(4, array(connection, before ? names.relations() : names.adopted()));
            statement.setString(5, HistoryGuard.NAMES);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    findings.add(row.getString(1));
                    remedies.add(row.getString(2));
                }
            }
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
        if (failure != null || !findings.isEmpty()) {
            throw refused(findings, remedies, failure);
        }
    }

    private ProblemException refused(Set<String> findings, Set<String> remedies, @Nullable SQLException failure) {
        String place = "the schema " + schema + " of " + url;
        String said = failure == null ? "" : " The server said: " + ErrorTranslators.innermost(failure) + ".";
        String consequence = failure == null ? "Nothing was changed." : "The history's tables weren't updated.";
        return new ProblemException(
                findings.isEmpty()
                        ? new Problem(
                                "Something in " + place + " has a name that the history needs." + said,
                                consequence,
                                "Set HISTORY_SCHEMA to a schema of its own. Or check there what it is, and rename or "
                                        + "drop it.")
                        : new Problem(
                                "The objects in " + place + " with names that the history needs aren't the history's: "
                                        + String.join("; ", findings) + "." + said,
                                consequence,
                                "Set HISTORY_SCHEMA to a schema of its own. Or check them, and move them out of the "
                                        + "way; run there as superuser: " + String.join(" ", remedies)),
                failure);
    }

    private static @Nullable SQLException duplicate(Throwable failure) {
        return Causes.of(failure)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(error -> DUPLICATES.contains(String.valueOf(error.getSQLState())))
                .findFirst()
                .orElse(null);
    }

    private static Array array(Connection connection, Collection<String> names) throws SQLException {
        return connection.createArrayOf("text", names.toArray());
    }
}
