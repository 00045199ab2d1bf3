package dev.bactrian.restore.rows;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where pg_cron can be: in one database of a server alone, which its setting names, when the server has loaded it. */
public final class CronPlace {

    public static final String EXTENSION = "pg_cron";

    private CronPlace() {}

    /**
     * Why it can't be in the target; null when it can, or nothing speaks against it.
     *
     * @param connection to the target, or for a dry run to another database of its server
     */
    public static @Nullable String refusal(Connection connection, RestoreRequest request) throws SQLException {
        String place = Target.text(connection, "SELECT pg_catalog.current_setting('cron.database_name', true)");
        String created = request.createDatabase();
        String name = created == null ? Target.text(connection, "SELECT pg_catalog.current_database()") : created;
        // Where it isn't loaded, the server says so itself.
        return place.isEmpty() || place.equals(name)
                ? null
                : "It works in only one database of a server, which is " + place + " (cron.database_name). Set that to "
                        + name + " and restart the server, or leave it.";
    }
}
