package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.selection.Selection;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/backup/detect/select.camel.yaml}: what is asked of a database before something is left out. */
class SelectRoutesTest extends ShippedRoutes {

    @BeforeEach
    void load() throws Exception {
        load("routes/backup/detect/select.camel.yaml");
    }

    private Exchange select(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATABASE_URL", "postgresql://a:b@localhost/c");
        BackupRun run = BackupRun.trial(new SettingsReader(SettingSource.of(all), false)
                .read(false)
                .databases()
                .get("default"));
        return call("select", Map.of("run", run, "snapshotName", "snapshot"), null);
    }

    @Test
    void nothingIsAskedWhereNothingIsLeftOut() {
        Exchange end = select(Map.of());

        assertThat(end.getException()).isNull();
        assertThat(done).isEmpty();
        assertThat(end.getProperty("selection", Selection.class).isPartial()).isFalse();
    }

    @Test
    void patternsAreMatchedOnTheUsersPathAndNothingElseIs() {
        select(Map.of("BACKUP_EXCLUDE_TABLES", "public.log"));

        assertThat(done)
                .containsExactly(
                        "use-search-path", "match-patterns", "drop-search-path", "detect-relations", "detect-needs");
    }

    @Test
    void aRuleThatWasNotComparedLeavesNothingOut() {
        assertThat(select(Map.of("BACKUP_EXCLUDE_TABLES", "public.log")).getException())
                .as("the queries answered nothing")
                .isNotNull();
    }
}
