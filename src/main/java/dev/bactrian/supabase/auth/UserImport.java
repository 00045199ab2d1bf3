package dev.bactrian.supabase.auth;

import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.rows.TableTriggers;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Writes users into a project's schema auth, in one transaction: all of them are there at its end, or none. Where it dies
 * before, the target is as it was.
 */
public final class UserImport {

    private static final String DENIED = "42501";

    private final Supplier<CamelContext> camel;

    UserImport(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    /** Connects, keeps restores out, and begins the transaction. The name that it returns is a data source's. */
    public String open(@ExchangeProperty("run") RestoreRun run) throws SQLException {
        Target.Purpose purpose = new Target.Purpose(
                first -> 1, true, false, true, run.getDatabase().recognition());
        Target target = Target.open(run.getDatabase().url(), purpose, ConnectionRetry.of(run));
        run.closeAtEnd(target);
        // Not one of the target's own, which can't describe the queries of routes.
        Connection connection = ConnectionRetry.of(run).connect(target.url(), () -> Target.connect(target.url()));
        run.closeAtEnd(connection);
        run.onStop(cause -> UserExport.cancel(connection));
        try (Statement statement = connection.createStatement()) {
            // No policy hides a row, no timeout ends it: as connections of ours are.
            statement.execute("SET search_path = ''");
        }
        connection.setAutoCommit(false);
        String name = "users-target-" + run.getId();
        camel.get().getRegistry().bind(name, new SingleConnectionDataSource(connection, true));
        run.closeAtEnd(() -> camel.get().getRegistry().unbind(name));
        run.getEvidence().made("plan", RestoreEvidence.USERS);
        return name;
    }

    /**
     * Looks whether the users can go there.
     *
     * @throws ProblemException when there is no auth service's schema, or it has users already
     */
    public AuthProject prepare(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("projectName") String name,
            @ExchangeProperty("skipExisting") boolean skipExisting,
            @Header("authColumns") List<Map<String, Object>> columns)
            throws SQLException {
        Connection connection = camel.get()
                .getRegistry()
                .lookupByNameAndType(name, SingleConnectionDataSource.class)
                .getConnection();
        AuthTable users = AuthTable.of(AuthTable.USERS, columns);
        if (!users.exists()) {
            throw Target.refused(
                    run.getDatabase().url() + " has no table auth.users.",
                    "Import into the database of a Supabase project, where the auth service has created its tables.");
        }
        long there = ExistingUsers.count(connection);
        if (there > 0 && !skipExisting) {
            throw Target.refused(
                    run.getDatabase().url() + " has " + Units.counted(there, "user") + " already.",
                    "Import into an empty project; or add --skip-existing to keep existing users (with the same id, "
                            + "e-mail or phone) as they are.");
        }
        AuthTable identities = AuthTable.of(AuthTable.IDENTITIES, columns);
        AuthTable factors = AuthTable.of(AuthTable.FACTORS, columns);
        return new AuthProject(
                connection,
                new TableCopy(users, connection),
                new TableCopy(identities, connection),
                new TableCopy(factors, connection),
                stopTriggers(connection, run, List.of(users, identities, factors)));
    }

    /** What they made, a profile for each user as a rule, comes from the backup's own tables. */
    private static List<TableTriggers> stopTriggers(Connection connection, RestoreRun run, List<AuthTable> tables)
            throws SQLException {
        boolean replica = asReplica(connection);
        List<TableTriggers> off = new ArrayList<>();
        for (AuthTable table : tables) {
            try {
                off.add(TableTriggers.off(connection, table.quoted(), replica, TableTriggers.Own.SAME_SCHEMA));
            } catch (SQLException e) {
                if (!DENIED.equals(e.getSQLState())) {
                    throw e;
                }
                throw Target.refused(
                        "Users can't be written without their triggers firing. Of " + table.quoted() + ": "
                                + e.getMessage(),
                        "If nothing else helps, drop these triggers, import, and create them again.");
            }
        }
        return List.copyOf(off);
    }

    private static boolean asReplica(Connection connection) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    /** Those of the users that aren't there yet. */
    public List<UserEntry> newOnes(
            @Body List<UserEntry> users,
            @ExchangeProperty("project") AuthProject project,
            @ExchangeProperty("existing") ExistingUsers existing)
            throws SQLException {
        return existing.without(users, project.connection());
    }

    /** Counts users that are there already. */
    public ExistingUsers existing() {
        return new ExistingUsers();
    }

    /** Writes what of the users goes into one table. */
    public void write(
            @Body List<UserEntry> users,
            String table,
            @ExchangeProperty("project") AuthProject project,
            @ExchangeProperty("run") RestoreRun run)
            throws SQLException, IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            if (run.isStopped()) {
                throw new IOException("The import was stopped");
            }
            run.getProgress().moved(project.table(table).write(users, project.connection()));
            run.getEvidence().found(table, written(run, table) + users.size());
        } catch (RowException e) {
            throw Target.refused(String.valueOf(e.getMessage()), "Correct the file, or remove this user from it.");
        } catch (SQLException e) {
            if (DENIED.equals(e.getSQLState())) {
                throw Target.refused(
                        "The role " + run.getDatabase().url().user() + " may not write auth." + table + ".",
                        "Import as the role postgres of the project, or as its supabase_auth_admin.");
            }
            throw e;
        }
    }

    private static long written(RestoreRun run, String table) {
        return run.getEvidence().count(table).orElse(0L);
    }

    /** All that the file has were written, but for those that are there already. */
    private static void requireAll(UserReader reader, ExistingUsers existing, RestoreRun run) {
        if (reader.hasNext()) {
            throw LeftOutStep.refusal("an import", Map.of("direct:write-users", "the file has more users"));
        }
        List.of("users", "identities", "mfa_factors").forEach(table -> {
            if (written(run, table) + existing.skipped() != reader.handedOut()) {
                throw LeftOutStep.refusal(
                        "an import",
                        Map.of("write(*, '" + table + "') in direct:write-users", "it wasn't done for all"));
            }
        });
    }

    /**
     * Makes the users visible, and tells what was left out.
     *
     * @throws ProblemException when steps are left out of the routes, so that some were not written
     */
    public void commit(
            @ExchangeProperty("userReader") UserReader reader,
            @ExchangeProperty("project") AuthProject project,
            @ExchangeProperty("existing") ExistingUsers existing,
            @ExchangeProperty("run") RestoreRun run)
            throws SQLException {
        requireAll(reader, existing, run);
        for (TableTriggers triggers : project.triggers()) {
            triggers.putBack();
        }
        project.connection().commit();
        run.getEvidence().done("commit-users");
        if (existing.skipped() > 0) {
            run.getReport()
                    .note(Units.counted(existing.skipped(), "user")
                            + (existing.skipped() == 1
                                    ? " existed already and stayed as it was."
                                    : " existed already and stayed as they were."));
        }
        for (TableCopy table : List.of(project.users(), project.identities(), project.factors())) {
            if (table.table().exists()) {
                run.getReport().loaded(table.table().quoted(), table.rows());
            }
            table.leftOut().forEach(run.getReport()::add);
        }
    }
}
