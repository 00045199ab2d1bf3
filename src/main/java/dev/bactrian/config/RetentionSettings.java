package dev.bactrian.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which backups are kept. */
final class RetentionSettings extends SettingValues {

    private RetentionSettings(SettingSource source, List<String> errors) {
        super(source, errors);
    }

    /** Reads them; adds what is wrong to the errors. */
    static RetentionRules read(SettingSource source, List<String> errors) {
        RetentionSettings settings = new RetentionSettings(source, errors);
        return new RetentionRules(
                settings.most(SettingName.BACKUP_KEEP_LAST),
                settings.most(SettingName.BACKUP_KEEP_DAILY),
                settings.most(SettingName.BACKUP_KEEP_WEEKLY),
                settings.most(SettingName.BACKUP_KEEP_MONTHLY),
                settings.most(SettingName.BACKUP_KEEP_DAYS));
    }

    private @Nullable Integer most(SettingName name) {
        if (source.get(name.name()).isEmpty()) {
            return null;
        }
        int value = number(name, 1, RetentionRules.MOST);
        return value == 0 ? null : value;
    }
}
