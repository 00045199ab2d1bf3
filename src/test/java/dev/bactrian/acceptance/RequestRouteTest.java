package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.backup.BackupRequest;
import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.backup.QueueFullException;
import dev.bactrian.backup.QueueLimits;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.schedule.BackupSwitch;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The route that every trigger ends in, as shipped, with its two neighbours in the databases replaced. */
class RequestRouteTest extends CamelTestSupport {

    private List<Map<String, Object>> found = List.of(Map.of("id", "the-id"));

    private Exchange request(boolean configured, Boolean turned) throws Exception {
        // Named by the step that is replaced below, and never asked for a connection.
        context.getRegistry().bind("controlDatabase", new PGSimpleDataSource());
        context.getRegistry().bind("backupSwitch", new BackupSwitch(settings(configured)));
        context.getRegistry().bind("queueLimits", new QueueLimits(1));
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:routes/control/request.camel.yaml"));
        AdviceWith.adviceWith(context, "request-backup", advice -> {
            advice.weaveByToUri("direct:read-settings")
                    .replace()
                    .setBody(advice.constant(
                            turned == null
                                    ? List.of()
                                    : List.of(Map.of("key", "backup_enabled", "value", turned.toString()))));
            advice.weaveByToUri("direct:enqueue-backup").replace().to("mock:queue");
            advice.weaveById("find-requested").replace().setBody(advice.constant(found));
        });
        return template.request("direct:request-backup", exchange -> {
            exchange.setProperty("request", BackupRequest.manual("prod"));
            exchange.getMessage().setHeaders(new HashMap<>(Map.of("CamelFileName", "x", "Authorization", "y")));
            exchange.getMessage().setBody("what a trigger leaves");
        });
    }

    private static SettingsAtRunTime settings(boolean enabled) {
        return new SettingsAtRunTime(new SettingsReader(
                        SettingSource.of(Map.of(
                                "DATABASE_URL",
                                "postgresql://a:b@localhost/c",
                                "BACKUP_ENABLED",
                                String.valueOf(enabled))),
                        false)
                .read(false));
    }

    @Test
    void aRequestReachesTheQueueAsItIs() throws Exception {
        MockEndpoint queue = getMockEndpoint("mock:queue");
        queue.expectedBodiesReceived(BackupRequest.manual("prod"));

        Exchange answer = request(true, null);

        assertThat(answer.getException()).isNull();
        assertThat(answer.getProperty("backupId")).isEqualTo("the-id");
        queue.assertIsSatisfied();
    }

    @Test
    void whatATriggerLeavesIsNoPartOfARequest() throws Exception {
        MockEndpoint queue = getMockEndpoint("mock:queue");
        queue.expectedMessageCount(1);
        request(true, null);

        assertThat(queue.getExchanges().get(0).getMessage().getHeaders())
                .doesNotContainKeys("CamelFileName", "Authorization");
    }

    @Test
    void whatFindsNoRoomIsRefused() throws Exception {
        found = List.of();

        assertThat(request(true, null).getException())
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("BACKUP_QUEUE_LIMIT");
    }

    @Test
    void nothingReachesTheQueueWhenTheSwitchIsOff() throws Exception {
        MockEndpoint queue = getMockEndpoint("mock:queue");
        queue.expectedMessageCount(0);

        assertThat(request(true, false).getException())
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("backup_enabled");

        queue.assertIsSatisfied();
    }

    @Test
    void nothingReachesTheQueueWhenTheConfigurationSaysNo() throws Exception {
        MockEndpoint queue = getMockEndpoint("mock:queue");
        queue.expectedMessageCount(0);

        assertThat(request(false, null).getException())
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("BACKUP_ENABLED");

        queue.assertIsSatisfied();
    }
}
