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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of system_settings_kv: {@code backup_enabled}, {@code timezone}, {@code retention}, and {@code schedule.} with a database's
 * name, whose value is a cron expression, or JSON's null for none. A value that can't be read is named once in the log, and the
 * configuration holds in its place; in place of rules of retention, none do: what nobody can read must delete nothing.
 */
public final class SettingsAtRunTime {

    public static final String BACKUP_ENABLED = "backup_enabled";
    public static final String TIMEZONE = "timezone";
    public static final String RETENTION = "retention";
    public static final String SCHEDULE = "schedule.";

    private static final Logger LOG = LoggerFactory.getLogger(SettingsAtRunTime.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIGURATION = "The configuration applies.";

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
        Value<Boolean> on = backupEnabled(rows);
        Value<ZoneId> zone = value(rows, TIMEZONE, configured.zone(), value -> ScheduleSettings.zone(text(value)));
        List<Schedule> schedules = new ArrayList<>();
        for (String database : databases) {
            Value<Optional<Cron>> cron = value(
                    rows,
                    SCHEDULE + database,
                    Optional.ofNullable(configured.crons().get(database)),
                    value -> value.isNull() ? Optional.empty() : Optional.of(Cron.kept(text(value))));
            schedules.add(
                    new Schedule(database, cron.value().orElse(null), zone.value(), cron.updatedAt(), cron.problem()));
        }
        Value<RetentionRules> retention = value(
                rows,
                RETENTION,
                rules,
                value -> RetentionRules.fromJson(value.toString()),
                time -> new Value<>(RetentionRules.KEEP_ALL, time),
                "While it can't be read, no rule deletes anything.");
        return new CurrentSettings(on, zone, List.copyOf(schedules), retention);
    }

    /** The switch alone: on or off by one of JSON's two booleans, and by nothing that resembles them. */
    public Value<Boolean> backupEnabled(List<Map<String, Object>> rows) {
        return value(rows, BACKUP_ENABLED, enabled, SettingsAtRunTime::bool);
    }

    private <T> Value<T> value(List<Map<String, Object>> rows, String key, T otherwise, Function<JsonNode, T> reader) {
        return value(rows, key, otherwise, reader, time -> new Value<>(otherwise, null), CONFIGURATION);
    }

    /**
     * The value of a key.
     *
     * @param configured what holds without such a row
     * @param unreadable what holds in place of one that can't be read, by the time when it was set
     * @param consequence of that, in words
     */
    private <T> Value<T> value(
            List<Map<String, Object>> rows,
            String key,
            T configured,
            Function<JsonNode, T> reader,
            Function<Instant, Value<T>> unreadable,
            String consequence) {
        for (Map<String, Object> row : rows) {
            if (key.equals(row.get("key"))) {
                Instant time = row.get("updated_at") instanceof Timestamp changed ? changed.toInstant() : Instant.EPOCH;
                try {
                    return new Value<>(reader.apply(JSON.readTree(String.valueOf(row.get("value")))), time);
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    Value<T> instead = unreadable.apply(time);
                    return new Value<>(
                            instead.value(), instead.updatedAt(), told(key, row.get("value"), e, consequence));
                }
            }
        }
        return new Value<>(configured, null);
    }

    private String told(String key, @Nullable Object value, Exception why, String consequence) {
        String what = why instanceof JsonProcessingException ? "isn't JSON." : String.valueOf(why.getMessage());
        // Those of retention name the rule.
        String problem = key + " in system_settings_kv is " + value + ". " + (RETENTION.equals(key) ? "" : "It ") + what
                + " " + consequence + " Set it again by PUT /api/settings.";
        if (told.add(key + " " + value)) {
            LOG.warn("{}", problem);
        }
        return problem;
    }

    private static boolean bool(JsonNode value) {
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("must be true or false, without quotes.");
        }
        return value.booleanValue();
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("isn't a string.");
        }
        return value.textValue();
    }
}
