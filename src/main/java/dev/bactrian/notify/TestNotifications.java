package dev.bactrian.notify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Test messages on their way, and what became of each: several are sent at once. */
public final class TestNotifications {

    private static final String SILENT = "its address took too long to answer";

    private final List<Notification> notifications;
    /** Why it couldn't be sent, by the notification's key; nothing where it was. */
    private final Map<String, Optional<String>> outcomes = new ConcurrentHashMap<>();

    TestNotifications(List<Notification> notifications) {
        this.notifications = notifications;
    }

    public List<Notification> getNotifications() {
        return notifications;
    }

    void sent(Notification notification) {
        outcomes.put(notification.key(), Optional.empty());
    }

    void unsent(Notification notification, String why) {
        outcomes.put(notification.key(), Optional.of(why));
    }

    /** Each notification as {@code to}, {@code sent} and {@code reason}; what has no answer by now counts as not sent. */
    public List<Map<String, @Nullable Object>> results() {
        return notifications.stream().map(this::result).toList();
    }

    private Map<String, @Nullable Object> result(Notification notification) {
        Optional<String> why = outcomes.getOrDefault(notification.key(), Optional.of(SILENT));
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("to", notification.key());
        result.put("sent", why.isEmpty());
        result.put("reason", why.orElse(null));
        return result;
    }
}
