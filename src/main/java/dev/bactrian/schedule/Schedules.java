package dev.bactrian.schedule;

import dev.bactrian.config.Cron;
import dev.bactrian.config.VerifySettings;
import dev.bactrian.postgres.url.Databases;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.quartz.CronTrigger;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a route of each schedule, from the templates in {@code routes/}, and takes it away again, as the settings say. The
 * triggers lie in the control database: this node's are put right where somebody else has left them otherwise.
 */
public final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final String BACKUP = "scheduled-backup";
    private static final String VERIFY = "verify-on-schedule";

    private final SettingsAtRunTime settings;
    private final Databases databases;
    private final VerifySettings verify;
    private final Scheduler scheduler;
    private final Supplier<CamelContext> camel;
    /** What there is a route for, by its id; null where there has been made sure that there is none. */
    private final Map<String, @Nullable Timetable> there = new HashMap<>();

    private volatile boolean stopped;

    private record Timetable(Cron cron, ZoneId zone) {}

    Schedules(
            SettingsAtRunTime settings,
            Databases databases,
            VerifySettings verify,
            Scheduler scheduler,
            Supplier<CamelContext> camel) {
        this.settings = settings;
        this.databases = databases;
        this.verify = verify;
        this.scheduler = scheduler;
        this.camel = camel;
    }

    /** Takes over what holds with these rows of system_settings_kv. */
    public synchronized void follow(@Body List<Map<String, Object>> rows) {
        if (stopped || !camel.get().isStarted()) {
            // Camel starts none of the routes that are added while it starts itself: the next time, then.
            return;
        }
        for (Schedule schedule : settings.with(rows).schedules()) {
            String database = schedule.database();
            // Another service's database of the same name is another database.
            TriggerKey key = new TriggerKey(database, group("backup", databases.target(database)));
            Timetable wanted = timetable(schedule.cron(), schedule.zone());
            put(BACKUP + "-" + database, BACKUP, key, wanted);
        }
        TriggerKey key = new TriggerKey("verify", group("verify", databases.targets()));
        put(VERIFY, "verify-databases", key, timetable(verify.cron(), ZoneOffset.UTC));
    }

    private static @Nullable Timetable timetable(@Nullable Cron cron, ZoneId zone) {
        return cron == null || cron.after(Instant.now(), zone).isEmpty() ? null : new Timetable(cron, zone);
    }

    private static String group(String what, String whose) {
        return what + "-" + UUID.nameUUIDFromBytes(whose.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String route, String template, TriggerKey key, @Nullable Timetable wanted) {
        try {
            boolean same = there.containsKey(route)
                    && Optional.ofNullable(there.get(route)).equals(Optional.ofNullable(wanted));
            if (same && (wanted == null || SharedScheduler.runs(camel.get(), route) && scheduler.checkExists(key))) {
                return;
            }
            there.remove(route);
            end(route);
            if (wanted == null) {
                if (forget(key)) {
                    LOG.info("{} no longer has a schedule", route);
                }
            } else {
                begin(route, template, key, wanted);
            }
            there.put(route, wanted);
        } catch (Exception e) {
            LOG.warn("The schedule of {} could not be applied, and is tried again: {}", route, e.toString());
        }
    }

    private void begin(String route, String template, TriggerKey key, Timetable wanted) throws Exception {
        // Camel replaces a stored trigger when its times have changed, but not when their zone has.
        if (scheduler.getTrigger(key) instanceof CronTrigger stored
                && !stored.getTimeZone().equals(TimeZone.getTimeZone(wanted.zone()))) {
            forget(key);
        }
        camel.get()
                .addRouteFromTemplate(
                        route,
                        template,
                        Map.of(
                                "group", key.getGroup(),
                                "name", key.getName(),
                                "cron", wanted.cron().text(),
                                "timezone", TimeZone.getTimeZone(wanted.zone()).getID()));
        LOG.info(
                "The schedule of {} is {} in {}, next at {}",
                route,
                wanted.cron(),
                wanted.zone(),
                wanted.cron().after(Instant.now(), wanted.zone()).orElse(null));
    }

    /** With its job, and so with what a dead node may have left of it to be made up: that would keep the job. */
    private boolean forget(TriggerKey key) throws SchedulerException {
        return scheduler.deleteJob(new JobKey(key.getName(), key.getGroup()));
    }

    private void end(String name) throws Exception {
        Route route = camel.get().getRoute(name);
        if (route != null) {
            camel.get().getRouteController().stopRoute(name);
            camel.get().removeRoute(name);
            // Camel would take the old endpoint for one that has stored its trigger.
            camel.get().removeEndpoint(route.getEndpoint());
        }
    }

    /** Fires nothing any more here. What was due goes to another node, or is made up at the next start. */
    public void stop() {
        stopped = true;
        try {
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            LOG.warn("The scheduler could not be stopped: {}", e.toString());
        }
    }
}
