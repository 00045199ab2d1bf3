package dev.bactrian.check;

import dev.bactrian.postgres.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Which of the questions of {@code routes/check/check.camel.yaml} failed for one database, and how. */
public final class DatabaseFindings {

    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private @Nullable Connection connection;
    private @Nullable Savepoint begun;

    /** What the route calls. */
    public static final class Steps {

        /** Remembers the snapshot's transaction as it is before the first question. */
        public void begin(
                @ExchangeProperty("findings") DatabaseFindings findings,
                @ExchangeProperty("snapshot") Snapshot snapshot)
                throws SQLException {
            findings.begin(snapshot.dataSource().getConnection());
        }

        /** Notes that a question failed, and lets the next one be asked in the same transaction. */
        public void failed(
                @ExchangeProperty("findings") DatabaseFindings findings,
                @ExchangeProperty("question") String question,
                @ExchangeProperty("CamelExceptionCaught") Throwable failure) {
            findings.failed(question, failure);
        }

        /** Whether the question that was asked last failed. */
        public boolean hasFailed(
                @ExchangeProperty("findings") DatabaseFindings findings,
                @ExchangeProperty("question") String question) {
            return findings.failure(question).isPresent();
        }
    }

    private void begin(Connection snapshots) throws SQLException {
        connection = snapshots;
        begun = snapshots.setSavepoint();
    }

    private void failed(String question, Throwable failure) {
        failures.putIfAbsent(question, failure);
        if (connection != null && begun != null) {
            try {
                connection.rollback(begun);
            } catch (SQLException e) {
                // The connection is gone, as the next question finds out.
                begun = null;
            }
        }
    }

    /** How a question failed the first time. */
    Optional<Throwable> failure(String question) {
        return Optional.ofNullable(failures.get(question));
    }
}
