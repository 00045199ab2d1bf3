package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.RetentionRules;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.schedule.CurrentSettings.Value;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsAtRunTimeTest {

    private static final Instant CHANGED = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void withoutRowsTheConfigurationHolds() {
        CurrentSettings current = with();

        assertThat(current.backupEnabled().value()).isTrue();
        assertThat(current.backupEnabled().updatedAt()).isNull();
        assertThat(current.zone().value().getId()).isEqualTo("Europe/Berlin");
        assertThat(current.schedules()).extracting(Schedule::database).containsExactly("default", "dev", "prod");
        assertThat(current.schedules())
                .extracting(schedule -> schedule.after(NOW))
                .containsExactly(
                        java.util.Optional.of(Instant.parse("2026-11-22T01:00:00Z")),
                        java.util.Optional.empty(),
                        java.util.Optional.of(Instant.parse("2026-11-22T02:00:00Z")));
    }

    @Test
    void whatUsersHaveSetWins() {
        CurrentSettings current = with(
                "backup_enabled", "false",
                "timezone", "\"UTC\"",
                "schedule.default", "null",
                "schedule.dev", "\"0 0 5 * * ?\"",
                "schedule.gone", "\"0 0 6 * * ?\"");

        assertThat(current.backupEnabled()).isEqualTo(new CurrentSettings.Value<>(false, CHANGED));
        assertThat(current.zone().updatedAt()).isEqualTo(CHANGED);
        assertThat(current.schedules())
                .extracting(
                        schedule -> schedule.after(NOW).map(Instant::toString).orElse("-"))
                .containsExactly("-", "2026-11-22T05:00:00Z", "2026-11-22T03:00:00Z");
        assertThat(current.schedules()).extracting(Schedule::updatedAt).containsExactly(CHANGED, CHANGED, null);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '#',
            value = {
                "backup_enabled,\"maybe\"",
                "backup_enabled,\"false\"",
                "backup_enabled,\"true\"",
                "backup_enabled,\"off\"",
                "backup_enabled,0",
                "backup_enabled,null",
                "backup_enabled,[true]",
                "timezone,1",
                "timezone,\"Mars/Olympus\"",
                "timezone,null",
                "schedule.default,\"0 2 * * *\"",
                "schedule.default,\"0/30 * * * * ?\"",
                "schedule.default,{}",
                "schedule.default,false",
                "schedule.default,not even JSON"
            })
    void whatCannotBeReadIsToldOnceAndTheConfigurationHolds(String key, String value) {
        SettingsAtRunTime settings = settings();
        try (LogLines log = new LogLines()) {
            for (int look = 0; look < 2; look++) {
                CurrentSettings current = settings.with(rows(key, value));
                assertThat(values(current)).isEqualTo(values(with()));
                assertThat(problems(current)).isEqualTo(log.lines());
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(key + " in system_settings_kv is " + value + ". It ")
                    .contains("The configuration applies.")
                    .contains("PUT /api/settings");
        }
    }

    /** A switch that is off by the configuration isn't turned on by what can't be read. */
    @ParameterizedTest
    @ValueSource(strings = {"\"maybe\"", "\"true\"", "\"false\"", "\"off\"", "1", "0", "null", "{}"})
    void onlyTrueTurnsOnWhatTheConfigurationTurnsOff(String value) {
        SettingsAtRunTime settings = settings(Map.of("BACKUP_ENABLED", "false"));

        assertThat(settings.backupEnabled(rows("backup_enabled", value)).value())
                .isFalse();
        assertThat(settings.backupEnabled(rows("backup_enabled", "true"))).isEqualTo(new Value<>(true, CHANGED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"keep_last\": 0}", "{\"keep_lust\": 1}", "{\"keep_last\": \"7\"}", "7", "null", "[]"})
    void rulesThatCannotBeReadDeleteNothingAndAreToldOnce(String value) {
        SettingsAtRunTime settings = settings(Map.of("BACKUP_KEEP_LAST", "7"));
        try (LogLines log = new LogLines()) {
            for (int look = 0; look < 2; look++) {
                Value<RetentionRules> rules =
                        settings.with(rows("retention", value)).retention();
                assertThat(rules.value().keepsAll()).isTrue();
                assertThat(rules.updatedAt()).isEqualTo(CHANGED);
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .isEqualTo(rules.problem())
                        .startsWith("retention in system_settings_kv is " + value + ". ")
                        .contains("no rule deletes anything");
            }
        }
    }

    private static List<Object> values(CurrentSettings current) {
        return List.of(
                current.backupEnabled().value(),
                current.zone().value(),
                current.retention(),
                current.schedules().stream()
                        .map(schedule -> Objects.toString(schedule.cron()) + schedule.zone() + schedule.updatedAt())
                        .toList());
    }

    private static List<String> problems(CurrentSettings current) {
        return Stream.concat(
                        Stream.of(
                                current.backupEnabled().problem(),
                                current.zone().problem(),
                                current.retention().problem()),
                        current.schedules().stream().map(Schedule::problem))
                .filter(Objects::nonNull)
                .toList();
    }

    private static CurrentSettings with(String... keysAndValues) {
        return settings().with(rows(keysAndValues));
    }

    private static SettingsAtRunTime settings() {
        return settings(Map.of());
    }

    private static SettingsAtRunTime settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        for (String name : Arrays.asList("DATABASE_URL", "DATABASE_URL_DEV", "DATABASE_URL_PROD")) {
            environment.put(name, "postgresql://a:b@localhost/" + name);
        }
        environment.put("BACKUP_CRON", "0 0 2 * * ?");
        environment.put("BACKUP_CRON_DEV", "off");
        environment.put("BACKUP_CRON_PROD", "0 0 3 * * ?");
        environment.put("BACKUP_TIMEZONE", "Europe/Berlin");
        return new SettingsAtRunTime(new SettingsReader(SettingSource.of(environment), false).read(false));
    }

    private static List<Map<String, Object>> rows(String... keysAndValues) {
        return java.util.stream.IntStream.range(0, keysAndValues.length / 2)
                .mapToObj(i -> Map.<String, Object>of(
                        "key", keysAndValues[2 * i],
                        "value", keysAndValues[2 * i + 1],
                        "updated_at", Timestamp.from(CHANGED)))
                .toList();
    }
}
