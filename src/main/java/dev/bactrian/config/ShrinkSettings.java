package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_SHRINK_IGNORE;
import static dev.bactrian.config.SettingName.BACKUP_SHRINK_WARN;

import dev.bactrian.selection.NamePattern;
import java.util.List;

/**
 * Which losses of rows are told.
 *
 * @param percent of its rows that a table must have lost since the last backup to be told; 0 for never
 * @param ignored tables that lose rows every day; each pattern has a schema
 */
public record ShrinkSettings(int percent, List<NamePattern> ignored) {

    private static final int ALL = 100;

    public ShrinkSettings {
        ignored = List.copyOf(ignored);
    }

    /** Reads them; adds what is wrong to the errors. */
    static ShrinkSettings read(SettingSource source, List<String> errors) {
        SettingValues values = new SettingValues(source, errors);
        List<NamePattern> ignored = values.qualifiedPatterns(BACKUP_SHRINK_IGNORE);
        return new ShrinkSettings(values.number(BACKUP_SHRINK_WARN, 0, ALL), ignored);
    }
}
