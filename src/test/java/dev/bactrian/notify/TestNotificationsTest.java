package dev.bactrian.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.NotifySettings;
import dev.bactrian.config.NotifySettings.Event;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestNotificationsTest {

    private final Notifications notifications = new Notifications(new NotifySettings(
            Map.of(Event.SUCCESS, List.of("https://a.example/hush", "https://b.example/hush", "log:c")),
            Map.of("default", "https://ping.example/hush"),
            null));

    @Test
    void whoHasNotAnsweredByTheEndWasNotTold() {
        TestNotifications rehearsal = notifications.rehearse(Event.SUCCESS);
        List<Notification> sent = rehearsal.getNotifications();
        notifications.noteSent(rehearsal, sent.get(2));
        notifications.noteUnsent(rehearsal, sent.get(0), new ConnectException("to https://a.example/hush"));

        assertThat(rehearsal.results())
                .extracting(Map::toString)
                .containsExactly(
                        "{to=success/1, sent=false, reason=ConnectException}",
                        "{to=success/2, sent=false, reason=its address took too long to answer}",
                        "{to=success/3, sent=true, reason=null}");
    }

    @Test
    void nobodyIsToldOfWhatNobodyIsSetFor() {
        assertThat(notifications.rehearse(Event.FAILURE).getNotifications()).isEmpty();
    }
}
