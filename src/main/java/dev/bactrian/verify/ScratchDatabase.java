package dev.bactrian.verify;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.TargetSessions;
import dev.bactrian.restore.roles.RolesScript;
import dev.bactrian.restore.steps.SavedFiles;
import dev.bactrian.restore.target.DatabaseCreation;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scratch database of a verification on the server that {@code VERIFY_DATABASE_URL} names, with stand-ins for the
 * roles that server lacks: without a password, and nobody can log in as them. Both go at the end; what a process that was
 * killed left behind goes when the next verification begins.
 */
public final class ScratchDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(ScratchDatabase.class);
    private static final String PREFIX = "bactrian_verify_";
    private static final String STAND_IN = "stands in during a verification by Bactrian";

    /**
     * Those that nobody is connected to, nor holds the lock of its name: one that was just made, or is between two of its
     * verification's sessions, isn't dead. An advisory lock's key lies in two halves in pg_locks, which shows those of all databases.
     */
    private static final String DEAD =
            "SELECT datname FROM pg_database d WHERE datname ~ '^" + PREFIX + "[0-9a-f]{32}$'"
                    + " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
                    + " AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1"
                    + " AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(d.datname, 0))";

    private final @Nullable DatabaseUrl server;

    public ScratchDatabase(@Nullable DatabaseUrl server) {
        this.server = server;
    }

    /** As {@link #request}, without owners and grants where the role may not give them: the server is asked. */
    public RestoreRequest permitted(@ExchangeProperty("verifyId") UUID id, @ExchangeProperty("backup") String backup) {
        RestoreRequest usual = request(id, backup);
        return isSuperuser(required())
                ? usual
                : request(id, backup, Set.of(Option.SKIP_ROLES, Option.NO_OWNER, Option.NO_PRIVILEGES));
    }

    /**
     * The restore that a verification begins with.
     *
     * @throws ProblemException when there is no server for it
     */
    public RestoreRequest request(UUID id, String backup) {
        return request(id, backup, Set.of(Option.SKIP_ROLES));
    }

    private RestoreRequest request(UUID id, String backup, Set<Option> options) {
        if (server == null) {
            throw new ProblemException(
                    new Problem(
                            "VERIFY_DATABASE_URL is not set.",
                            "Nothing was verified.",
                            "Set it to a database on a server where scratch databases may be created (its role needs "
                                    + "CREATEDB); or add --archive-only, which needs no database."),
                    null);
        }
        return new RestoreRequest(id, backup, RestoreRuns.SCRATCH, name(id), List.of(), List.of(), null, options);
    }

    /** Where that can't be asked, the next step says why. */
    private static boolean isSuperuser(DatabaseUrl server) {
        try {
            TargetSessions.prove(server, ConnectionRetry.none());
        } catch (ProblemException e) {
            LOG.debug("The verifying server couldn't be queried: {}", e.getMessage());
            return true;
        }
        try (Connection connection = Target.connect(server)) {
            return !Target.texts(
                            connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper")
                    .isEmpty();
        } catch (SQLException e) {
            LOG.debug("The verifying server couldn't be queried: {}", e.getMessage());
            return true;
        }
    }

    /** {@code host:port/database} of the scratch database. */
    public String address(RestoreRequest request) {
        return required().withDatabase(String.valueOf(request.createDatabase())).address();
    }

    /** An id for a verification. */
    public UUID newId() {
        return UUID.randomUUID();
    }

    /** Clears what dead ones left, and sees to it that this one leaves nothing, and isn't taken for dead itself. */
    public void prepare(@ExchangeProperty("run") RestoreRun run) throws SQLException {
        DatabaseUrl url = run.getDatabase().url().withDatabase(required().database());
        String own = String.valueOf(run.getRequest().createDatabase());
        TargetSessions.prove(url, ConnectionRetry.of(run));
        keep(run, url, own);
        try (Connection connection = Target.connect(url)) {
            List<String> dead = Target.texts(connection, DEAD);
            if (!dead.isEmpty()) {
                LOG.info("Dropping {} scratch databases that interrupted verifications left", dead.size());
                clean(url, dead);
            }
        }
    }

    /** While this verification lives it isn't taken for dead, and at its end the database goes. */
    private static void keep(RestoreRun run, DatabaseUrl url, String database) throws SQLException {
        Connection alive = Target.connect(url);
        run.closeAtEnd(alive);
        run.closeAtEnd(() -> clean(url, List.of(database)));
        try (Statement statement = alive.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended(" + Relation.literal(database) + ", 0))");
        }
    }

    /** Makes a second, empty scratch database. */
    public DatabaseUrl second(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws SQLException {
        DatabaseUrl url = run.getDatabase().url().withDatabase(required().database());
        String name = name(UUID.randomUUID());
        keep(run, url, name);
        // What it can't have was said of the first.
        new DatabaseCreation(saved.manifest(), new RestoreReport(), true).create(url, name);
        return url.withDatabase(name);
    }

    private static String name(UUID id) {
        return PREFIX + id.toString().replace("-", "");
    }

    private DatabaseUrl required() {
        return java.util.Objects.requireNonNull(server);
    }

    private static void clean(DatabaseUrl url, List<String> databases) throws SQLException {
        try (Connection connection = Target.connect(url);
                Statement statement = connection.createStatement()) {
            for (String database : databases) {
                Target.drop(url, database);
            }
            for (String role : Target.texts(
                    connection,
                    "SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = '" + STAND_IN + "'")) {
                try {
                    statement.execute("DROP ROLE " + Relation.quote(role));
                } catch (SQLException e) {
                    // Another verification on this server still needs it, and will drop it.
                    LOG.debug("Role {} stays: {}", role, e.getMessage());
                }
            }
        }
    }

    /** Makes the roles that definitions name and the server lacks. */
    public void standIns(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved)
            throws SQLException, IOException {
        if (run.getRequest().is(Option.NO_OWNER)) {
            run.getReport()
                    .notProven(new NotApplied(
                            "owners and grants",
                            "Only a superuser may give them to any role, and the verifying role isn't one.",
                            null));
        }
        if (!saved.reader().has(EntryNames.ROLES)) {
            return;
        }
        Set<String> wanted = new HashSet<>(RolesScript.names(new String(
                CheckedEntry.read(saved, EntryNames.ROLES, SavedFiles.LARGEST_ROLES), StandardCharsets.UTF_8)));
        try (Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            wanted.removeAll(Target.texts(connection, "SELECT rolname FROM pg_roles"));
            for (String role : wanted) {
                statement.execute("CREATE ROLE " + Relation.quote(role) + " NOLOGIN; COMMENT ON ROLE "
                        + Relation.quote(role) + " IS '" + STAND_IN + "'");
            }
        } catch (SQLException e) {
            run.getReport()
                    .note("Roles couldn't be created on the verifying server (" + e.getMessage()
                            + "). What needs them is reported as different.");
        }
    }
}
