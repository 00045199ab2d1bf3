package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_EXTERNAL_TIMEOUT;
import static dev.bactrian.config.SettingName.CORS_ORIGINS;

import dev.bactrian.support.Units;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What holds for dashboards in a browser, and for workers elsewhere.
 *
 * @param corsOrigins whose pages may call the API, as browsers name them; {@code *} for all
 * @param externalTimeout how long a worker elsewhere may take to report the end of its backup
 */
public record FunctionSettings(Set<String> corsOrigins, Duration externalTimeout) {

    private static final String ORIGIN =
            "\\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\\[[0-9a-f:.]+](:[0-9]{1,5})?";

    /** Reads them; adds what is wrong to the errors. */
    static FunctionSettings read(SettingSource source, List<String> errors) {
        Set<String> origins = source.get(CORS_ORIGINS.name()).stream()
                .flatMap(list -> Arrays.stream(list.split(",", -1)))
                .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        origins.stream()
                .filter(origin -> !origin.matches(ORIGIN))
                .sorted()
                .forEach(origin -> errors.add(CORS_ORIGINS
                        + " names " + origin + ", which isn't an origin. Write only scheme, host and port, as in "
                        + "https://dashboard.example.com, separated by commas; or * for every page."));
        Duration longest = new SettingValues(source, errors)
                .parsed(BACKUP_EXTERNAL_TIMEOUT, Units::duration)
                .orElse(Duration.ZERO);
        return new FunctionSettings(origins, longest);
    }
}
