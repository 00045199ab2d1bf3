package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the files of projects are saved, as people set it. */
class FileSettingsTest {

    private final List<String> errors = new ArrayList<>();

    @Test
    void aDatabasesOwnBucketsTakeTheGeneralOnesPlace() {
        FileSettings settings = read(Map.of(
                "BACKUP_INCLUDE_BUCKETS", "a*, b?",
                "BACKUP_INCLUDE_BUCKETS_PROD", "Team Drive",
                "BACKUP_EXCLUDE_BUCKETS", "a.old"));

        assertThat(errors).isEmpty();
        assertThat(List.of("avatars", "a.old", "axold", "b1", "b12", "A").stream()
                        .filter(settings.buckets().get("default")::holds))
                .containsExactly("avatars", "axold", "b1");
        assertThat(List.of("avatars", "Team Drive").stream()
                        .filter(settings.buckets().get("prod")::holds))
                .containsExactly("Team Drive");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10, 1000, false",
        "10, 11, 1000, true",
        "2%, 20, 1000, false",
        "2%, 21, 1000, true",
        "0, 1, 5, true"
    })
    void theLimitIsANumberOrAShare(String limit, long lacking, long all, boolean exceeded) {
        assertThat(read(Map.of("BACKUP_STORAGE_SKEW_LIMIT", limit)).skewLimit().isExceeded(lacking, all))
                .isEqualTo(exceeded);
    }

    @Test
    void whatCannotBeMeantIsNamed() {
        read(Map.of(
                "BACKUP_STORAGE_SKEW_LIMIT", "101%",
                "BACKUP_STORAGE_PARALLELISM", "0",
                "BACKUP_EXCLUDE_BUCKETS_TEST", "x"));

        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "BACKUP_EXCLUDE_BUCKETS_TEST names a database that isn't configured. It must end in one of: "
                                + "DEFAULT, PROD.",
                        "BACKUP_STORAGE_PARALLELISM is 0. Use a whole number from 1 to 64.",
                        "BACKUP_STORAGE_SKEW_LIMIT is 101%. Write a number of files, for example 10, or a share of "
                                + "them, for example 2%.");
    }

    @Test
    void whatIsEncryptedCannotBeTakenFrom() {
        read(Map.of("BACKUP_STORAGE_INCREMENTAL", "true", "BACKUP_ENCRYPT_TO", "keys.asc"));

        assertThat(errors).singleElement().asString().contains("BACKUP_STORAGE_INCREMENTAL", "Set only one of them.");
    }

    private FileSettings read(Map<String, String> settings) {
        return FileSettings.read(SettingSource.of(new HashMap<>(settings)), List.of("default", "prod"), errors);
    }
}
