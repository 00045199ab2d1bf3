package dev.bactrian.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of backups that ended. Endpoints are secrets: most hold a key.
 *
 * @param endpoints Camel endpoint URIs by what they are told of
 * @param pings addresses in the manner of Healthchecks by database; {@code /start} and {@code /fail} are appended
 * @param publicUrl where people reach this service, without a slash at its end; null when messages shall have no link
 */
public record NotifySettings(
        Map<Event, List<String>> endpoints, Map<String, String> pings, @Nullable String publicUrl) {

    /** What somebody can be told. */
    public enum Event {
        FAILURE,
        SUCCESS,
        RECOVERED;

        /** Name of the setting that holds its endpoints. */
        public String setting() {
            return "NOTIFY_" + name();
        }
    }

    private static final String PING = SettingName.NOTIFY_PING_URL.name();
    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";

    /** Reads them; adds what is wrong to the errors. */
    static NotifySettings read(SettingSource source, List<String> databases, List<String> errors) {
        SettingValues values = new SettingValues(source, errors);
        Map<Event, List<String>> endpoints = new EnumMap<>(Event.class);
        for (Event event : Event.values()) {
            endpoints.put(event, endpoints(values, event.setting(), errors));
        }
        Map<String, String> pings = new TreeMap<>();
        for (String database : databases) {
            String own = PING + "_" + database.toUpperCase(Locale.ROOT);
            values.secret(own).or(() -> values.secret(PING)).ifPresent(address -> pings.put(database, address));
        }
        for (String name : source.namesStartingWith(PING + "_")) {
            String database = name.substring(PING.length() + 1).toLowerCase(Locale.ROOT);
            if (!databases.contains(database)) {
                errors.add(name + " names a database that isn't configured. Configured are: "
                        + String.join(", ", databases) + ".");
            }
        }
        pings.values().stream()
                .distinct()
                .filter(address -> !isWeb(address))
                .forEach(address -> errors.add(PING
                        + " isn't a valid address. Write it as https://host/path, without /start or /fail at the "
                        + "end."));
        return new NotifySettings(endpoints, pings, publicUrl(source, errors));
    }

    /** Whether there is anybody to tell. */
    public boolean anybody() {
        return !pings.isEmpty() || endpoints.values().stream().anyMatch(list -> !list.isEmpty());
    }

    private static List<String> endpoints(SettingValues values, String name, List<String> errors) {
        List<String> endpoints = new ArrayList<>();
        for (String uri : values.secret(name).orElse("").split("\\s+", -1)) {
            if (uri.isEmpty()) {
                continue;
            }
            String scheme = uri.replaceFirst(":.*", "");
            if (!uri.matches("[a-z][a-z0-9+.-]*:.+")) {
                errors.add(name + " has an entry that isn't a Camel endpoint. Write endpoints as https://host/path or "
                        + "scheme:path?options, separated by spaces.");
            } else if (NotifySettings.class.getClassLoader().getResource(COMPONENTS + scheme) == null) {
                errors.add(
                        name + " has an endpoint " + scheme + ":, for which no Camel component is installed. Put that "
                                + "component's jar, and the jars that it needs, into lib/ext.");
            } else {
                endpoints.add(uri);
            }
        }
        return List.copyOf(endpoints);
    }

    private static @Nullable String publicUrl(SettingSource source, List<String> errors) {
        Optional<String> url = source.get(SettingName.PUBLIC_URL.name());
        if (url.isPresent() && !isWeb(url.get())) {
            errors.add(SettingName.PUBLIC_URL + " isn't a valid address. Write it as https://host or "
                    + "https://host/path.");
        }
        return url.map(address -> address.replaceFirst("/+$", "")).orElse(null);
    }

    private static boolean isWeb(String address) {
        try {
            URI uri = URI.create(address);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without the endpoints. */
    @Override
    public String toString() {
        return "notifications, link to " + publicUrl;
    }
}
