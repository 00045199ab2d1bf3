package dev.bactrian.schedule;

import dev.bactrian.history.HistorySchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.DriverDelegate;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.NoSuchDelegateException;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz's store in the control database, which all nodes of a history share. */
final class SharedJobStore extends JobStoreTX {

    private static final String TABLES = "bactrian_qrtz_";
    /** What is later than this is made up once, however often it was missed. */
    private static final Duration MISSED = Duration.ofSeconds(5);

    private static final Duration CHECK_IN = Duration.ofSeconds(3);

    private final Predicate<TriggerKey> own;
    private @Nullable DriverDelegate delegate;

    /**
     * Prepares it.
     *
     * @param own tells the triggers that this node may take
     */
    SharedJobStore(String node, DataSource controlDatabase, HistorySchema schema, Predicate<TriggerKey> own) {
        this.own = own;
        DBConnectionManager.getInstance().addConnectionProvider(node, new Pool(controlDatabase));
        setDataSource(node);
        setTablePrefix(schema.of(TABLES));
        setIsClustered(true);
        setClusterCheckinInterval(CHECK_IN.toMillis());
        setMisfireThreshold(MISSED.toMillis());
        setMakeThreadsDaemons(true);
        // As text: nothing that lies in a database is made an object of Java's.
        setUseProperties("true");
    }

    @Override
    protected synchronized DriverDelegate getDelegate() throws NoSuchDelegateException {
        if (delegate == null) {
            OwnTriggers made = new OwnTriggers(own);
            made.initialize(
                    getLog(), getTablePrefix(), getInstanceName(), getInstanceId(), getClassLoadHelper(), true, null);
            delegate = made;
        }
        return delegate;
    }

    /** The application's pool, which is closed with the application. */
    private record Pool(DataSource dataSource) implements ConnectionProvider {

        @Override
        public Connection getConnection() throws SQLException {
            return dataSource.getConnection();
        }

        @Override
        public void initialize() {
            // It is there.
        }

        @Override
        public void shutdown() {
            // Others use it, too.
        }
    }
}
