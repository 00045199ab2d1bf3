package dev.bactrian.notify;

import dev.bactrian.backup.ShrunkTable;
import dev.bactrian.config.NotifySettings;
import dev.bactrian.config.NotifySettings.Event;
import dev.bactrian.problem.TlsFailure;
import dev.bactrian.support.Causes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** Who is to be told of a backup. */
public final class Notifications {

    private static final String START = "ping/start";

    private static final String END = "ping/end";

    private final NotifySettings settings;

    public Notifications(NotifySettings settings) {
        this.settings = settings;
    }

    /** Databases whose start is told. */
    public String pinged() {
        return String.join(" ", settings.pings().keySet());
    }

    /** What is still to be sent about a backup. */
    public List<Notification> pending(@Body Map<String, Object> row) {
        Set<String> told = new HashSet<>(
                Arrays.asList(String.valueOf(row.get("notified_to")).split(" ", -1)));
        return all(row).stream()
                .filter(notification -> !told.contains(notification.key()))
                .toList();
    }

    /** Keys of all that is to be sent about a backup. */
    public String wanted(Map<String, Object> row) {
        return all(row).stream().map(Notification::key).collect(Collectors.joining(" "));
    }

    private List<Notification> all(Map<String, Object> row) {
        List<Notification> all = new ArrayList<>();
        String status = String.valueOf(row.get("status"));
        String ping = settings.pings().get(String.valueOf(row.get("database")));
        if ("in_progress".equals(status)) {
            if (ping != null) {
                all.add(ping(START, ping + "/start", "start", row));
            }
            return all;
        }
        boolean failed = "failed".equals(status);
        if (ping != null) {
            all.add(ping(END, failed ? ping + "/fail" : ping, failed ? "failure" : "success", row));
        }
        add(all, failed ? Event.FAILURE : Event.SUCCESS, row);
        if (!failed && "failed".equals(row.get("status_before"))) {
            add(all, Event.RECOVERED, row);
        }
        if (!failed && !ShrunkTable.fromJson(row.get("warnings")).isEmpty()) {
            // Of successes hardly anybody wants to be told; whoever waits for failures wants to know this. The success
            // says it, too.
            List<String> told = settings.endpoints().getOrDefault(Event.SUCCESS, List.of());
            toEach(Event.FAILURE, "warning", Message.of("warning", row, settings.publicUrl())).stream()
                    .filter(warning -> !told.contains(warning.uri()))
                    .forEach(all::add);
        }
        return all;
    }

    private void add(List<Notification> all, Event event, Map<String, Object> row) {
        all.addAll(toEach(event, name(event), Message.of(name(event), row, settings.publicUrl())));
    }

    /** A message to everybody who is told of an event, under a name of its own. */
    private List<Notification> toEach(Event event, String name, Message message) {
        List<String> endpoints = settings.endpoints().getOrDefault(event, List.of());
        return IntStream.range(0, endpoints.size())
                .mapToObj(at -> new Notification(
                        name + "/" + (at + 1),
                        endpoints.get(at),
                        endpoints.get(at).matches("https?:.*"),
                        message))
                .toList();
    }

    private static String name(Event event) {
        return event.name().toLowerCase(Locale.ROOT);
    }

    /** A test message to everybody who is told of an event; to nobody's ping, which would say that a backup ended. */
    public TestNotifications rehearse(Event event) {
        return new TestNotifications(toEach(event, name(event), Message.test(name(event), settings.publicUrl())));
    }

    /** Notes that a test message was sent. */
    public void noteSent(
            @ExchangeProperty("testMessage") TestNotifications rehearsal,
            @ExchangeProperty("notification") Notification notification) {
        rehearsal.sent(notification);
    }

    /** Notes why a test message couldn't be sent. */
    public void noteUnsent(
            @ExchangeProperty("testMessage") TestNotifications rehearsal,
            @ExchangeProperty("notification") Notification notification,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure) {
        rehearsal.unsent(notification, why(failure, notification));
    }

    private Notification ping(String key, String uri, String event, Map<String, Object> row) {
        return new Notification(key, uri, false, Message.of(event, row, settings.publicUrl()));
    }

    /** Why a notification couldn't be sent, without its address. */
    public String why(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure,
            @ExchangeProperty("notification") @Nullable Notification notification) {
        Optional<HttpOperationFailedException> answer = Causes.first(failure, HttpOperationFailedException.class);
        if (answer.isPresent()) {
            return "its address answered " + answer.get().getStatusCode();
        }
        Optional<TlsFailure> tls = TlsFailure.of(failure);
        if (tls.isPresent()) {
            TlsFailure.Kind kind = tls.get().kind();
            return "its server's certificate " + kind.words() + ". " + kind.remedy();
        }
        // A message may quote the address; the kind of exception is told instead.
        return Causes.innermost(failure).getClass().getSimpleName();
    }
}
