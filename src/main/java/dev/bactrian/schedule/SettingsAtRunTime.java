package dev.bactrian.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.config.Cron;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.config.ScheduleSettings;
import dev.bactrian.config.Settings;
import dev.bactrian.schedule.CurrentSettings.Value;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of system_settings_kv: {@code backup_enabled}, {@code timezone}, {@code retention}, and {@code schedule.} with a database's
 * name, whose value is a cron expression, or JSON's null for none. A value that can't be read is told once, and the
 * configuration holds in its place.
 */
public final class SettingsAtRunTime {

    public static final String BACKUP_ENABLED = "backup_enabled";
    public static final String TIMEZONE = "timezone";
    public static final String RETENTION = "retention";
    public static final String SCHEDULE = "schedule.";

    private static final Logger LOG = LoggerFactory.getLogger(SettingsAtRunTime.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean enabled;
    private final ScheduleSettings configured;
    private final RetentionRules rules;
    private final List<String> databases;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public SettingsAtRunTime(Settings settings) {
        this.enabled = settings.backupEnabled();
        this.configured = settings.schedule();
        this.rules = settings.retention();
        this.databases = settings.databases().names();
    }

    /** What holds, with these rows. */
    public CurrentSettings with(List<Map<String, Object>> rows) {
        // The switch that routes turn is off for exactly this: sql/is-backup-enabled.sql.
        Value<Boolean> on =
                value(rows, BACKUP_ENABLED, enabled, value -> !(value.isBoolean() && !value.booleanValue()));
        Value<ZoneId> zone = value(rows, TIMEZONE, configured.zone(), value -> ScheduleSettings.zone(text(value)));
        List<Schedule> schedules = new ArrayList<>();
        for (String database : databases) {
            Value<Optional<Cron>> cron = value(
                    rows,
                    SCHEDULE + database,
                    Optional.ofNullable(configured.crons().get(database)),
                    value -> value.isNull() ? Optional.empty() : Optional.of(Cron.kept(text(value))));
            schedules.add(new Schedule(database, cron.value().orElse(null), zone.value(), cron.updatedAt()));
        }
        Value<RetentionRules> retention = value(rows, RETENTION, rules, SettingsAtRunTime::retention);
        return new CurrentSettings(on, zone, List.copyOf(schedules), retention);
    }

    /** While the rules can't be read, nothing is deleted, as with none. */
    private static RetentionRules retention(JsonNode value) {
        try {
            return RetentionRules.fromJson(value.toString());
        } catch (IllegalArgumentException e) {
            return RetentionRules.KEEP_ALL;
        }
    }

    private <T> Value<T> value(List<Map<String, Object>> rows, String key, T otherwise, Function<JsonNode, T> reader) {
        for (Map<String, Object> row : rows) {
            if (key.equals(row.get("key"))) {
                Instant time = row.get("updated_at") instanceof Timestamp changed ? changed.toInstant() : Instant.EPOCH;
                try {
                    return new Value<>(reader.apply(JSON.readTree(String.valueOf(row.get("value")))), time);
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    if (told.add(key + " " + row.get("value"))) {
                        LOG.warn(
                                "{} in system_settings_kv is {}, which {} The configuration holds. Set it anew by PUT "
                                        + "/api/settings.",
                                key,
                                row.get("value"),
                                e.getMessage());
                    }
                }
            }
        }
        return new Value<>(otherwise, null);
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("isn't a string.");
        }
        return value.textValue();
    }
}
