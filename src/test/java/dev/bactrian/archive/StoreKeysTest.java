package dev.bactrian.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whoever lists the bucket finds an archive by its manifest: the two must lie in one folder. */
class StoreKeysTest {

    private final StoreKeys keys = new StoreKeys("team/backups");

    @Test
    void theManifestLiesBesideItsArchive() {
        assertThat(keys.manifest("team/backups/archive/2026-11-20T18-27-04Z/backup.zip"))
                .isEqualTo("team/backups/archive/2026-11-20T18-27-04Z/manifest.json");
        assertThat(keys.manifest("backup.zip")).isEqualTo("manifest.json");
    }

    @Test
    void eachDatabaseHasALatestOfItsOwn() {
        assertThat(keys.latest("default")).isEqualTo("team/backups/latest/default/manifest.json");
        assertThat(keys.latest("prod")).isNotEqualTo(keys.latest("default"));
    }
}
