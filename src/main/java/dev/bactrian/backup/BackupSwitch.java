package dev.bactrian.backup;

import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** The switch that stops new backups: as users have turned it at run time, else as BACKUP_ENABLED says. */
public final class BackupSwitch {

    private final boolean configured;

    public BackupSwitch(boolean configured) {
        this.configured = configured;
    }

    /** How the switch stands; {@code turned} as in {@link #refuseWhenOff}. */
    public boolean isOn(@Body @Nullable Boolean turned) {
        return turned == null ? configured : turned;
    }

    /**
     * Refuses a request while the switch is off.
     *
     * @param turned what users have turned it to; null when nobody has
     * @throws BackupsDisabledException saying how to turn it on
     */
    public void refuseWhenOff(@Body @Nullable Boolean turned) {
        if (turned == null && !configured) {
            throw new BackupsDisabledException(
                    "Backups are disabled by BACKUP_ENABLED=false. Set it to true and restart, "
                            + "or set backup_enabled to true by PUT /api/settings, to make backups again.");
        }
        if (Boolean.FALSE.equals(turned)) {
            throw new BackupsDisabledException("Backups are switched off by backup_enabled in the settings. "
                    + "Set it to true by PUT /api/settings to make backups again.");
        }
    }
}
