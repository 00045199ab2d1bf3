package dev.bactrian.schedule;

import dev.bactrian.history.HistorySchema;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.impl.SchedulerRepository;
import org.quartz.simpl.SimpleThreadPool;

/** Makes the scheduler of a node: of all nodes with one history, exactly one fires each time. */
final class SharedScheduler {

    /** The same at every node: by this they find each other. */
    private static final String NAME = "bactrian";
    /** Asking for backups is quick. Verifying isn't, and occupies one. */
    private static final int THREADS = 4;
    /** What another node has stored is seen after this. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(5);

    private SharedScheduler() {}

    /** A scheduler that Camel starts; it fires what this Camel's routes wait for. */
    public static Scheduler of(DataSource controlDatabase, HistorySchema schema, Supplier<CamelContext> camel) {
        String node = UUID.randomUUID().toString();
        Predicate<TriggerKey> own = key -> camel.get().getRoutes().stream()
                .anyMatch(route -> route.getEndpoint() instanceof QuartzEndpoint quartz
                        && quartz.getTriggerKey().equals(key)
                        && runs(camel.get(), route.getId()));
        SharedJobStore store = new SharedJobStore(node, controlDatabase, schema, own);
        try {
            return of(node, store);
        } catch (SchedulerException e) {
            throw new IllegalStateException("The scheduler could not be created", e);
        }
    }

    /** Whether it consumes already: what is fired for a route that only is there, Camel drops without a word. */
    static boolean runs(CamelContext camel, String route) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(route);
        return status != null && status.isStarted();
    }

    private static synchronized Scheduler of(String node, SharedJobStore store) throws SchedulerException {
        SimpleThreadPool threads = new SimpleThreadPool(THREADS, Thread.NORM_PRIORITY);
        threads.setThreadNamePrefix("schedule");
        threads.setMakeThreadsDaemons(true);
        DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
        factory.createScheduler(
                NAME,
                node,
                threads,
                store,
                Map.of(),
                null,
                0,
                LOOK_EVERY.toMillis(),
                RETRY_EVERY.toMillis(),
                false,
                null);
        Scheduler scheduler = factory.getScheduler(NAME);
        // Quartz keeps one of a name per process; two services in one, as tests have them, are two nodes.
        SchedulerRepository.getInstance().remove(NAME);
        return scheduler;
    }
}
