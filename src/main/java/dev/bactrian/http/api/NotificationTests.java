package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.config.NotifySettings.Event;
import dev.bactrian.notify.TestNotifications;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Requests to try whether notifications arrive, and their answers. */
public final class NotificationTests {

    private static final String EVENT = "event";
    private static final int CONFLICT = 409;

    /** The event that the body names; a failure where it names none. */
    public Event event(Exchange exchange) {
        JsonNode body = JsonBody.of(exchange.getMessage());
        Fields.requireKnown(body, Set.of(EVENT));
        if (!body.hasNonNull(EVENT)) {
            return Event.FAILURE;
        }
        return known(body.get(EVENT))
                .orElseThrow(() -> ApiException.badRequest("event must be one of failure, success, recovered."));
    }

    private static Optional<Event> known(JsonNode value) {
        return Stream.of(Event.values())
                .filter(event -> value.isTextual()
                        && event.name().toLowerCase(Locale.ROOT).equals(value.textValue()))
                .findFirst();
    }

    /** Refuses a test that nobody would see. */
    public void refuseNobody(
            @ExchangeProperty("testMessage") TestNotifications rehearsal, @ExchangeProperty(EVENT) Event event) {
        if (rehearsal.getNotifications().isEmpty()) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "nobody-to-tell",
                    "No notification is configured",
                    "No " + event.setting()
                            + " is set, so nothing was sent. Set it to one or more endpoints and restart the service: "
                            + "docs/notifications.md."));
        }
    }

    public void results(Exchange exchange, @ExchangeProperty("testMessage") TestNotifications rehearsal) {
        JsonResponse.of(exchange, Map.of("results", rehearsal.results()));
    }
}
