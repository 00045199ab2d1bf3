package dev.bactrian.schedule;

import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.schedule.CurrentSettings.Value;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;

/** The switch that stops new backups: as users have turned it at run time, else as BACKUP_ENABLED says. */
public final class BackupSwitch {

    private final SettingsAtRunTime settings;

    public BackupSwitch(SettingsAtRunTime settings) {
        this.settings = settings;
    }

    /** How the switch stands; {@code rows} as in {@link #refuseWhenOff}. */
    public boolean isOn(@Body List<Map<String, Object>> rows) {
        return settings.backupEnabled(rows).value();
    }

    /**
     * Refuses a request while the switch is off.
     *
     * @param rows of system_settings_kv
     * @throws BackupsDisabledException saying how to turn it on
     */
    public void refuseWhenOff(@Body List<Map<String, Object>> rows) {
        Value<Boolean> enabled = settings.backupEnabled(rows);
        if (enabled.value()) {
            return;
        }
        throw new BackupsDisabledException(
                enabled.updatedAt() == null
                        ? "Backups are disabled by BACKUP_ENABLED=false. Set it to true and restart, "
                                + "or set backup_enabled to true by PUT /api/settings, to make backups again."
                        : "Backups are switched off by backup_enabled in the settings. "
                                + "Set it to true by PUT /api/settings to make backups again.");
    }
}
