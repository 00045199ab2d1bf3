package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What users have turned wins over the configuration, and the answer says what to turn. */
class BackupSwitchTest {

    @Test
    void theConfigurationHoldsUntilSomebodyTurnsTheSwitch() {
        assertThatCode(() -> new BackupSwitch(true).refuseWhenOff(null)).doesNotThrowAnyException();
        assertThatCode(() -> new BackupSwitch(false).refuseWhenOff(true)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new BackupSwitch(false).refuseWhenOff(null))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("BACKUP_ENABLED=false");
        assertThatThrownBy(() -> new BackupSwitch(true).refuseWhenOff(false))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("PUT /api/settings");
    }
}
