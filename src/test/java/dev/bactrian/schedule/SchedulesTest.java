package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.SettingSource;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SettingsReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;

/** When there is a route that runs, with triggers in memory. */
class SchedulesTest {

    private static final String ROUTE = "scheduled-backup-default";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private Scheduler scheduler;
    private Schedules schedules;

    @BeforeEach
    void prepare() throws Exception {
        Properties properties = new Properties();
        properties.put("org.quartz.scheduler.instanceName", getClass().getName());
        properties.put("org.quartz.threadPool.threadCount", "1");
        scheduler = new StdSchedulerFactory(properties).getScheduler();
        schedules = schedules(camel);
        camel.start();
    }

    private Schedules schedules(DefaultCamelContext context) throws Exception {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setScheduler(scheduler);
        context.addComponent("quartz", quartz);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("scheduled-backup")
                        .templateParameter("group")
                        .templateParameter("name")
                        .templateParameter("cron")
                        .templateParameter("timezone")
                        .from("quartz:{{group}}/{{name}}?cron={{cron}}&trigger.timeZone={{timezone}}")
                        .to("log:due");
            }
        });
        Settings settings = settings();
        return new Schedules(
                new SettingsAtRunTime(settings), settings.databases(), settings.verify(), scheduler, () -> context);
    }

    private static Settings settings() {
        Map<String, String> environment =
                Map.of("DATABASE_URL", "postgresql://a:b@localhost/c", "BACKUP_CRON", "0 0 3 * * ?");
        return new SettingsReader(SettingSource.of(environment), false).read(false);
    }

    @AfterEach
    void stop() throws Exception {
        camel.stop();
        scheduler.shutdown();
    }

    @Test
    void whatIsReadWhileTheServiceStartsRunsAfterwards() throws Exception {
        schedules.follow(List.of());
        // Another start, with the trigger that is stored.
        try (DefaultCamelContext next = new DefaultCamelContext()) {
            Schedules followed = schedules(next);
            next.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) {
                    if (event instanceof CamelEvent.CamelContextRoutesStartedEvent) {
                        followed.follow(List.of());
                    }
                }
            });
            next.start();

            followed.follow(List.of());

            assertThat(next.getRouteController().getRouteStatus(ROUTE)).isEqualTo(ServiceStatus.Started);
            assertThat(next.getRoute(ROUTE)).isNotNull();
        }
    }

    /** While running backups are waited for, settings are still read: each time a warning was logged. */
    @Test
    void afterTheEndNothingIsBegunAgain() throws Exception {
        schedules.follow(List.of());
        schedules.stop();
        camel.getRouteController().stopRoute(ROUTE);

        schedules.follow(List.of());

        assertThat(camel.getRouteController().getRouteStatus(ROUTE)).isEqualTo(ServiceStatus.Stopped);
    }

    @Test
    void aRouteThatWasStoppedIsBegunAgain() throws Exception {
        schedules.follow(List.of());
        camel.getRouteController().stopRoute(ROUTE);

        schedules.follow(List.of());

        assertThat(camel.getRouteController().getRouteStatus(ROUTE)).isEqualTo(ServiceStatus.Started);
    }
}
