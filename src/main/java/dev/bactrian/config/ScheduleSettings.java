package dev.bactrian.config;

import dev.bactrian.postgres.url.Database;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * When the configuration wants backups.
 *
 * @param zone in which the times are meant
 * @param crons by database; one that isn't there has no schedule
 */
public record ScheduleSettings(ZoneId zone, Map<String, Cron> crons) {

    private static final String OFF = "off";

    /**
     * Reads them; adds what is wrong to the errors. BACKUP_CRON is for every database; one that ends in a database's name
     * takes its place for that one.
     */
    static ScheduleSettings read(SettingSource source, List<Database> databases, List<String> errors) {
        Map<String, String> own = new LinkedHashMap<>();
        List<String> names = databases.stream().map(Database::name).toList();
        new SettingValues(source, errors).refuseUnknownDatabases(SettingName.BACKUP_CRON, names);
        for (String setting : source.namesStartingWith(SettingName.BACKUP_CRON + "_")) {
            String database = setting.substring(SettingName.BACKUP_CRON.name().length() + 1)
                    .toLowerCase(Locale.ROOT);
            own.put(database, setting);
        }
        Map<String, Cron> crons = new LinkedHashMap<>();
        for (String name : names) {
            String setting = own.getOrDefault(name, SettingName.BACKUP_CRON.name());
            source.get(setting)
                    .filter(text -> !OFF.equalsIgnoreCase(text))
                    .ifPresent(text -> add(crons, name, setting, text, errors));
        }
        return new ScheduleSettings(zone(source, errors), Map.copyOf(crons));
    }

    private static void add(
            Map<String, Cron> crons, String database, String setting, String text, List<String> errors) {
        try {
            crons.put(database, Cron.of(text));
        } catch (IllegalArgumentException e) {
            String error = setting + " is " + text + ", which " + e.getMessage() + " Or off for no schedule.";
            if (!errors.contains(error)) {
                errors.add(error);
            }
        }
    }

    private static ZoneId zone(SettingSource source, List<String> errors) {
        SettingName setting = SettingName.BACKUP_TIMEZONE;
        String text = source.get(setting.name()).orElse(String.valueOf(setting.defaultValue()));
        try {
            return zone(text);
        } catch (IllegalArgumentException e) {
            errors.add(setting + " is " + text + ", which " + e.getMessage());
            return ZoneId.of("UTC");
        }
    }

    /**
     * A time zone by its name.
     *
     * @throws IllegalArgumentException saying what to write
     */
    public static ZoneId zone(String name) {
        try {
            // Quartz takes what it doesn't know, an offset among it, for GMT.
            if (ZoneId.getAvailableZoneIds().contains(name)) {
                return ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new IllegalArgumentException("isn't the name of a time zone. Write UTC, or a name like Europe/Berlin.");
    }
}
