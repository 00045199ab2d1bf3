package dev.bactrian.restore;

import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.SessionMode;
import dev.bactrian.postgres.url.DatabaseUrl;
import java.sql.SQLException;

/** Makes sure that what a restore connects to keeps its sessions, before anything is set there. */
public final class TargetSessions {

    /** invalid_catalog_name: there is no such database. */
    private static final String NO_DATABASE = "3D000";

    private TargetSessions() {}

    /**
     * Proves it.
     *
     * @throws dev.bactrian.problem.ProblemException when sessions change, or the database can't be reached
     */
    public static void prove(DatabaseUrl url, ConnectionRetry retry) {
        SessionMode.proveReachable(url, SessionMode.Need.RESTORE, retry);
    }

    /**
     * The address through which databases of a server are made, proven: the configured one, or {@code postgres} where that
     * database is gone, or never was on this server.
     */
    public static DatabaseUrl ofServer(DatabaseUrl configured, ConnectionRetry retry) {
        try {
            SessionMode.prove(configured, SessionMode.Need.RESTORE, retry);
            return configured;
        } catch (SQLException e) {
            if (!NO_DATABASE.equals(e.getSQLState())) {
                throw DatabaseErrors.connecting(configured, e);
            }
        }
        DatabaseUrl usual = configured.withDatabase("postgres");
        prove(usual, retry);
        return usual;
    }
}
