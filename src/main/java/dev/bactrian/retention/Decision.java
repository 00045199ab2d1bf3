package dev.bactrian.retention;

import java.util.List;

/**
 * What becomes of a backup.
 *
 * @param reasons every rule that keeps it; or why it goes
 */
public record Decision(KeptBackup backup, boolean keep, List<String> reasons) {

    public Decision {
        reasons = List.copyOf(reasons);
    }

    /** In one line. */
    public String reason() {
        return String.join(", ", reasons);
    }
}
