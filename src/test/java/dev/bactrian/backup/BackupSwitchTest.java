package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Either switch stops new backups, and the answer says which. */
class BackupSwitchTest {

    @Test
    void bothSwitchesMustBeOn() {
        assertThatCode(() -> new BackupSwitch(true).refuseWhenOff(true)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new BackupSwitch(false).refuseWhenOff(true))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("BACKUP_ENABLED=false");
        assertThatThrownBy(() -> new BackupSwitch(true).refuseWhenOff(false))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("system_settings_kv");
    }
}
