package dev.bactrian.schedule;

import dev.bactrian.config.Settings;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.quartz.Scheduler;

/** The beans of a service that follows schedules. */
public final class ScheduleBeans {

    private ScheduleBeans() {}

    /** Binds them, and returns the one that must be stopped before the routes are. */
    public static Schedules bind(
            Settings settings,
            SettingsAtRunTime atRunTime,
            DataSource controlDatabase,
            Supplier<CamelContext> camel,
            BiConsumer<String, Object> registry) {
        Scheduler scheduler = SharedScheduler.of(controlDatabase, settings.historySchema(), camel);
        Schedules schedules = new Schedules(atRunTime, settings.databases(), settings.verify(), scheduler, camel);
        registry.accept("scheduler", scheduler);
        registry.accept("schedules", schedules);
        return schedules;
    }
}
