package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_SHRINK_IGNORE;
import static dev.bactrian.config.SettingName.BACKUP_SHRINK_WARN;

import dev.bactrian.selection.NamePattern;
import java.util.ArrayList;
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
        List<NamePattern> ignored = new ArrayList<>();
        for (String text : NamePattern.split(values.text(BACKUP_SHRINK_IGNORE))) {
            try {
                NamePattern pattern = NamePattern.ofTables(text);
                if (pattern.schema() == null) {
                    // It would mean what a search path finds, and a manifest has none.
                    errors.add(BACKUP_SHRINK_IGNORE + " can't be used. The pattern " + text
                            + " names no schema. Write schema.table, or *.table.");
                }
                ignored.add(pattern);
            } catch (IllegalArgumentException e) {
                errors.add(BACKUP_SHRINK_IGNORE + " can't be used. " + e.getMessage());
            }
        }
        return new ShrinkSettings(values.number(BACKUP_SHRINK_WARN, 0, ALL), ignored);
    }
}
