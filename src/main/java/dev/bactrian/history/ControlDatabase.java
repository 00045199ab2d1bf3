package dev.bactrian.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.SessionMode;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The database that holds {@code backup_history}: its connection pool and its migrations. */
public final class ControlDatabase {

    private static final int POOL = 5;
    /** The session pooler has few connections for everybody together. */
    private static final int SMALL_POOL = 3;

    /** One for status, which may wait long, and one for everything else. */
    private static final int POOLS = 2;

    private ControlDatabase() {}

    /**
     * A pool that connects when it is first used.
     *
     * @param patience how long whoever needs a connection waits while the server is away
     */
    public static HikariDataSource open(DatabaseUrl url, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.jdbcUrl());
        config.setDataSourceProperties(url.jdbcProperties());
        // Planned anew each time, for what is asked this time: the plan that a prepared statement gets for any values
        // walks
        // through the whole history where a filter is left out.
        config.addDataSourceProperty("prepareThreshold", "0");
        config.setConnectionInitSql(SessionSettings.ofHistory());
        config.setPoolName("control-" + patience.toSeconds() + "s");
        config.setMaximumPoolSize(pool(url));
        config.setMinimumIdle(0);
        config.setConnectionTimeout(patience.toMillis());
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** The most connections that a service has to it. */
    public static int most(DatabaseUrl url) {
        return POOLS * pool(url);
    }

    private static int pool(DatabaseUrl url) {
        return SupabaseAddress.of(url).isSessionPooler() ? SMALL_POOL : POOL;
    }

    /** As {@link #open(DatabaseUrl, Duration)}, for callers who want to know soon. */
    public static HikariDataSource open(DatabaseUrl url) {
        return open(url, Duration.ofSeconds(10));
    }

    /** As {@link #migrate(DatabaseUrl, HistorySchema, DataSource)}, in the schema where the history is unless it is set. */
    public static void migrate(DatabaseUrl url, DataSource dataSource) {
        migrate(url, HistorySchema.PUBLIC, dataSource);
    }

    /**
     * Brings the tables up to date. Other tables in the same schema are left alone.
     *
     * @throws dev.bactrian.problem.ProblemException when the address is a transaction pooler's, or others have put something in the way
     */
    public static void migrate(DatabaseUrl url, HistorySchema schema, DataSource dataSource) {
        SessionMode.proveForHistory(url);
        HistoryGuard guard = new HistoryGuard(url, schema);
        DataSource guarded = new Guarded(dataSource, guard);
        if (!isUpToDate(schema, guarded)) {
            migrate(url, schema, guarded, guard);
        }
        try (Connection connection = dataSource.getConnection()) {
            guard.revokeTriggers(connection);
            guard.tellWhatIsToBeKnown(connection);
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }

    private static boolean isUpToDate(HistorySchema schema, DataSource guarded) {
        try (Connection connection = guarded.getConnection()) {
            return new AppliedMigrations(schema).areAll(connection);
        } catch (SQLException e) {
            // It may be away: Flyway waits.
            return false;
        }
    }

    private static void migrate(DatabaseUrl url, HistorySchema schema, DataSource guarded, HistoryGuard guard) {
        Flyway flyway = Flyway.configure()
                .dataSource(guarded)
                .table(HistorySchema.VERSIONS)
                .defaultSchema(schema.name())
                .resolvers(new HistoryMigrations(schema, guard))
                .skipDefaultResolvers(true)
                .skipDefaultCallbacks(true)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(5)
                .load();
        new TakenNames(url, schema, guarded).migrate(flyway);
    }

    /** What Flyway connects by, which waits for a server that is away; it asks nothing of tables that others have planted. */
    private static final class Guarded extends DelegatingDataSource {

        private final HistoryGuard guard;

        Guarded(DataSource pool, HistoryGuard guard) {
            super(pool);
            this.guard = guard;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            try {
                guard.requireSchema(connection);
                guard.refusePlanted(connection);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }
}
