package dev.bactrian.restore.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose files may be read: the command line's user's own, and nobody's over HTTP. */
class BackupFinderTest {

    private final BackupFinder finder = new BackupFinder(DefaultCamelContext::new);

    @Test
    void whereOnlyTheStoreMayBeMeantAFileOfTheSameNameIsNone(@TempDir Path folder) throws IOException {
        String file = Files.createFile(folder.resolve("backup.zip")).toString();

        assertThat(finder.kindOf(file, null)).isEqualTo("FILE");
        assertThat(finder.kindOf(file, "true")).isEqualTo("KEY");
    }
}
