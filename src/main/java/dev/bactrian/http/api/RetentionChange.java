package dev.bactrian.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.retention.RetentionPlan;
import dev.bactrian.retention.SingleBackup;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.time.ZoneId;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Looks what other rules of retention, set by {@code PUT /api/settings}, would delete, before they hold. */
public final class RetentionChange {

    private static final int CONFLICT = 409;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The rules of the change; null when it has none. */
    public @Nullable RetentionRules rules(@ExchangeProperty("settings") String settings) {
        JsonNode rules = read(settings).get(SettingsAtRunTime.RETENTION);
        return rules == null ? null : RetentionRules.fromJson(rules.toString());
    }

    /** The time zone of the change; null when it has none. */
    public @Nullable ZoneId zone(@ExchangeProperty("settings") String settings) {
        JsonNode zone = read(settings).get(SettingsAtRunTime.TIMEZONE);
        return zone == null ? null : ZoneId.of(zone.textValue());
    }

    /** Refuses rules that leave a single backup of a database. */
    public void requireSeveral(
            @Body List<RetentionPlan> plans, @ExchangeProperty("proposedRules") RetentionRules rules) {
        List<String> told = SingleBackup.told(rules, plans);
        if (!told.isEmpty()) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "single-backup",
                    "Only one backup would be left",
                    String.join(" ", told)
                            + " Nothing was changed. Change the rules to keep more, or add force=true to set them "
                            + "anyway. GET /api/retention/plan shows what each rule keeps."));
        }
    }

    private static JsonNode read(String settings) {
        try {
            return JSON.readTree(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Settings are kept as JSON", e);
        }
    }
}
