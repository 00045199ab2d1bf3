package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code docs/examples/store-folder.camel.yaml}. */
class StoreOfAFolderIT extends StoreContract {

    @TempDir
    private static Path folder;

    @Override
    Path start() throws IOException {
        // As the first put does.
        Files.createDirectories(folder.resolve("archives/.bactrian"));
        return Path.of("docs/examples/store-folder.camel.yaml");
    }

    @Override
    void stop() {}

    @Override
    Map<String, String> properties() {
        return Map.of("STORE_FOLDER", folder.resolve("archives").toString());
    }

    @Override
    void bind(Registry registry) {
        // Asked only where the folder isn't the store yet.
        registry.bind("controlDatabase", new PGSimpleDataSource());
    }

    @Override
    boolean copies() {
        return true;
    }

    @Test
    void noKeyLeadsOutOfTheFolder() {
        assertThatThrownBy(() -> verb("get", "backups/../../secret"))
                .hasStackTraceContaining("leads out of the folder");
    }
}
