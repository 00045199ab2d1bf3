package dev.bactrian.backup;

import org.apache.camel.Body;

/** The two switches that can stop new backups: BACKUP_ENABLED, and the one in system_settings_kv. */
public final class BackupSwitch {

    private final boolean configured;

    public BackupSwitch(boolean configured) {
        this.configured = configured;
    }

    /**
     * Refuses a request while either switch is off.
     *
     * @throws BackupsDisabledException saying which one
     */
    public void refuseWhenOff(@Body Boolean switchedOn) {
        if (!configured) {
            throw new BackupsDisabledException(
                    "Backups are disabled by BACKUP_ENABLED=false. Set it to true and restart to make backups again.");
        }
        if (!switchedOn) {
            throw new BackupsDisabledException("Backups are switched off in system_settings_kv. "
                    + "Set backup_enabled to true there to make backups again.");
        }
    }
}
