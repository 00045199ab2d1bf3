package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What users have turned wins over the configuration, and the answer says what to turn. */
class BackupSwitchTest {

    @Test
    void theConfigurationHoldsUntilSomebodyTurnsTheSwitch() {
        assertThatCode(() -> of(true).refuseWhenOff(List.of())).doesNotThrowAnyException();
        assertThatCode(() -> of(false).refuseWhenOff(turned("true"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> of(false).refuseWhenOff(List.of()))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("BACKUP_ENABLED=false");
        assertThatThrownBy(() -> of(true).refuseWhenOff(turned("false")))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("PUT /api/settings");
    }

    @Test
    void whatCannotBeReadTurnsNothing() {
        assertThatCode(() -> of(true).refuseWhenOff(turned("\"false\""))).doesNotThrowAnyException();
        assertThatThrownBy(() -> of(false).refuseWhenOff(turned("\"maybe\"")))
                .isInstanceOf(BackupsDisabledException.class)
                .hasMessageContaining("BACKUP_ENABLED=false");
    }

    private static BackupSwitch of(boolean configured) {
        return new BackupSwitch(new SettingsAtRunTime(new SettingsReader(
                        SettingSource.of(Map.of(
                                "DATABASE_URL",
                                "postgresql://a:b@localhost/c",
                                "BACKUP_ENABLED",
                                String.valueOf(configured))),
                        false)
                .read(false)));
    }

    private static List<Map<String, Object>> turned(String value) {
        return List.of(Map.of("key", "backup_enabled", "value", value));
    }
}
