package dev.bactrian.http.api;

import dev.bactrian.config.NotifySettings;
import dev.bactrian.config.NotifySettings.Event;
import dev.bactrian.config.Settings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Writes what this service is and can do, for pages that show only what works. */
public final class ServiceResponses {

    /**
     * The header in which the gate tells routes whether the key that was shown may restore: {@code true} or {@code false}. It
     * is for showing: the gate itself lets nobody else restore.
     */
    public static final String MAY_RESTORE = "bactrian-may-restore";

    private final Settings settings;
    private final String version;

    public ServiceResponses(Settings settings, String version) {
        this.settings = settings;
        this.version = version;
    }

    /**
     * Answers.
     *
     * @param mayRestore the gate's word; a list where a query names a parameter like its header, which then says nothing
     */
    public void service(Exchange exchange, @Header(MAY_RESTORE) @Nullable Object mayRestore) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("version", version);
        answer.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS));
        answer.put("may_restore", "true".equals(mayRestore));
        answer.put("can_verify", settings.verify().server() != null);
        answer.put("databases", settings.databases().names());
        answer.put("notifications", notifications(settings.notifications()));
        answer.put("shrink_warn", settings.shrink().percent());
        JsonResponse.of(exchange, answer);
    }

    /** How many are told, never who: endpoints hold keys. */
    private static Map<String, Object> notifications(NotifySettings told) {
        Map<String, Object> view = new LinkedHashMap<>();
        for (Event event : Event.values()) {
            view.put(
                    event.name().toLowerCase(Locale.ROOT),
                    told.endpoints().getOrDefault(event, List.of()).size());
        }
        view.put("ping", List.copyOf(told.pings().keySet()));
        return view;
    }
}
