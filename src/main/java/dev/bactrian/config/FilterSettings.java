package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_EXCLUDE_SCHEMAS;
import static dev.bactrian.config.SettingName.BACKUP_EXCLUDE_TABLES;
import static dev.bactrian.config.SettingName.BACKUP_EXCLUDE_TABLE_DATA;
import static dev.bactrian.config.SettingName.BACKUP_INCLUDE_SCHEMAS;
import static dev.bactrian.config.SettingName.BACKUP_LARGE_OBJECTS;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.selection.Filters;
import dev.bactrian.selection.NamePattern;
import dev.bactrian.selection.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what backups leave out: general settings, and those that end in a database's name, which replace the general one
 * for that database.
 */
final class FilterSettings {

    private static final Map<SettingName, Rule.Effect> EFFECTS = new LinkedHashMap<>();

    static {
        EFFECTS.put(BACKUP_INCLUDE_SCHEMAS, Rule.Effect.INCLUDE_SCHEMAS);
        EFFECTS.put(BACKUP_EXCLUDE_SCHEMAS, Rule.Effect.EXCLUDE_SCHEMAS);
        EFFECTS.put(BACKUP_EXCLUDE_TABLES, Rule.Effect.EXCLUDE_TABLES);
        EFFECTS.put(BACKUP_EXCLUDE_TABLE_DATA, Rule.Effect.EXCLUDE_TABLE_DATA);
    }

    private final SettingSource source;
    private final List<String> errors;

    /**
     * Prepares a reader.
     *
     * @param errors gets what is wrong
     */
    FilterSettings(SettingSource source, List<String> errors) {
        this.source = source;
        this.errors = errors;
    }

    /** The databases with their filters. */
    List<Database> applyTo(List<Database> databases) {
        SettingValues values = new SettingValues(source, errors);
        List<String> names = databases.stream().map(Database::name).toList();
        EFFECTS.keySet().forEach(name -> values.refuseUnknownDatabases(name, names));
        values.refuseUnknownDatabases(BACKUP_LARGE_OBJECTS, names);
        return databases.stream()
                .map(database -> database.with(filters(database.name())))
                .toList();
    }

    private Filters filters(String database) {
        List<Rule> rules = new ArrayList<>();
        EFFECTS.forEach((name, effect) -> {
            String setting = ofDatabase(name, database);
            source.get(setting)
                    .ifPresent(list -> NamePattern.split(list).forEach(text -> add(rules, effect, setting, text)));
        });
        return new Filters(rules, withoutLargeObjects(database));
    }

    private @Nullable String withoutLargeObjects(String database) {
        String setting = ofDatabase(BACKUP_LARGE_OBJECTS, database);
        String value = source.get(setting).orElse("true").strip().toLowerCase(Locale.ROOT);
        if (!"true".equals(value) && !"false".equals(value)) {
            errors.add(setting + " is " + value + ". Use true or false.");
        }
        return "false".equals(value) ? setting + "=false" : null;
    }

    private void add(List<Rule> rules, Rule.Effect effect, String setting, String text) {
        try {
            rules.add(Rule.of(effect, setting, text));
        } catch (IllegalArgumentException e) {
            String error = setting + " can't be used. " + e.getMessage();
            if (!errors.contains(error)) {
                errors.add(error);
            }
        }
    }

    /** The name of the setting that holds for a database. */
    private String ofDatabase(SettingName name, String database) {
        return source.namesStartingWith(name + "_").stream()
                .filter(own -> database(name, own).equals(database))
                .findFirst()
                .orElse(name.name());
    }

    private static String database(SettingName name, String own) {
        return own.substring(name.name().length() + 1).toLowerCase(Locale.ROOT);
    }
}
