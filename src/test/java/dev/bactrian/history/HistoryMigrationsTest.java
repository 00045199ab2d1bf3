package dev.bactrian.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the history counts as up to date is what the files bring it to. */
class HistoryMigrationsTest {

    @Test
    void allFilesAreCounted() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files).hasSize(HistoryMigrations.FILES);
        }
    }

    @Test
    void whatIsNoFileOfOursHasNoChecksum() {
        assertThatThrownBy(() -> HistoryMigrations.checksum("V3__unknown.sql")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> HistoryMigrations.checksum("../taken.sql")).isInstanceOf(RuntimeException.class);
    }
}
