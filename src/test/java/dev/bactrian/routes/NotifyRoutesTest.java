package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/control/notify.camel.yaml}: who gets a message of a backup that ended. */
class NotifyRoutesTest extends ShippedRoutes {

    /** One message to one recipient. */
    public record Sent(String uri, boolean json) {
        public String getUri() {
            return uri;
        }

        public boolean isJson() {
            return json;
        }

        public Text getMessage() {
            return new Text();
        }
    }

    /** What it says. */
    public static final class Text {
        public String getJson() {
            return "{}";
        }

        public String getSubject() {
            return "a backup failed";
        }

        public String getText() {
            return "why";
        }
    }

    /** The settings. */
    public static final class Recipients {
        public String pinged() {
            return "";
        }

        public List<Sent> pending() {
            return List.of(new Sent("mock:webhook", true), new Sent("mock:away", true), new Sent("mock:mail", false));
        }

        public String wanted(Map<String, Object> row) {
            return String.valueOf(row.get("status"));
        }

        public String why() {
            return "it is away";
        }
    }

    @BeforeEach
    void load() throws Exception {
        context.getPropertiesComponent().addInitialProperty("NOTIFY_ANYBODY", "false");
        context.getRegistry().bind("notifications", new Recipients());
        load("routes/control/notify.camel.yaml");
    }

    @Test
    void nothingHappensWhereNoBackupWaits() {
        answer("claim-notification", exchange -> exchange.getMessage().setBody(null));

        call("notify-of-one", Map.of(), null);

        assertThat(done).containsExactly("claim-notification");
    }

    @Test
    void aRecipientThatIsAwayKeepsNoOtherFromBeingToldAndIsNotCrossedOff() throws Exception {
        answer("claim-notification", exchange -> exchange.getMessage()
                .setBody(Map.of("id", "1", "dispatch_id", "d", "status", "failed")));
        MockEndpoint away = getMockEndpoint("mock:away");
        away.whenAnyExchangeReceived(failing("away"));
        MockEndpoint webhook = getMockEndpoint("mock:webhook");
        webhook.expectedBodiesReceived("{}");
        webhook.expectedHeaderReceived("Content-Type", "application/json");
        MockEndpoint mail = getMockEndpoint("mock:mail");
        mail.expectedBodiesReceived("why");
        mail.expectedHeaderReceived("Subject", "a backup failed");

        Exchange end = call("notify-of-one", Map.of(), null);

        assertThat(end.getException()).isNull();
        webhook.assertIsSatisfied();
        mail.assertIsSatisfied();
        assertThat(Collections.frequency(done, "mark-reported")).isEqualTo(2);
        assertThat(done).endsWith("mark-notified");
        assertThat(end.getMessage().getHeader("wanted")).isEqualTo("failed");
    }
}
