package dev.bactrian.history;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is nothing left to migrate: one question, where Flyway asks sixty before it finds out. What is out of the
 * ordinary is left to Flyway.
 */
final class AppliedMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(AppliedMigrations.class);

    private final HistorySchema schema;

    AppliedMigrations(HistorySchema schema) {
        this.schema = schema;
    }

    /**
     * Whether all migrations of this version were applied as they are now, and nothing else was.
     *
     * @param connection that may read the history's own tables: whose they are was looked at before
     */
    boolean areAll(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT script, checksum, success FROM "
                        + schema.of(Relation.quote(HistorySchema.VERSIONS)) + " WHERE type = 'SQL'")) {
            Set<String> applied = new HashSet<>();
            while (row.next()) {
                String file = row.getString(1);
                if (!row.getBoolean(3) || HistoryMigrations.checksum(file) != row.getInt(2) || !applied.add(file)) {
                    return false;
                }
            }
            return applied.size() == HistoryMigrations.FILES;
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Flyway is asked whether the history is up to date: {}", e.getMessage());
            return false;
        }
    }
}
