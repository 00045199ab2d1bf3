package dev.bactrian.dump;

import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.url.DatabaseUrl;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which database pg_dumpall reads the roles through: they belong to the whole server. The one that is backed up, where that
 * is UTF-8: its settings are known, and the role or the pooler may reach no other. In another encoding the names of roles
 * could be taken for something else: then {@code postgres} or {@code template1}, as pg_dumpall itself does, where these can
 * be reached.
 */
final class RolesDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(RolesDatabase.class);
    private static final String UTF8 = "UTF8";
    private static final String SQL_ASCII = "SQL_ASCII";

    private RolesDatabase() {}

    /** The arguments that name it. */
    static List<String> arguments(DatabaseRun run, ServerInfo server) {
        DatabaseUrl url = run.getDatabase().url();
        if (!UTF8.equals(server.encoding())) {
            for (String name : List.of("postgres", "template1")) {
                if (canReach(url.withDatabase(name))) {
                    return List.of("-l", url.withDatabase(name).databaseConninfo());
                }
            }
        }
        List<String> arguments = new ArrayList<>(List.of("-l", url.databaseConninfo()));
        // Bytes of SQL_ASCII have no encoding and stay as they are.
        if (!SQL_ASCII.equals(server.encoding())) {
            arguments.add("--encoding=UTF8");
        }
        return arguments;
    }

    private static boolean canReach(DatabaseUrl url) {
        try {
            DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties()).close();
            return true;
        } catch (SQLException e) {
            LOG.debug("Roles aren't read through {}: {}", url, e.getMessage());
            return false;
        }
    }
}
