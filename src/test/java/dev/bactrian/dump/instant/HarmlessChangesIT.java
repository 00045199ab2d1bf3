package dev.bactrian.dump.instant;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No backup fails for what changes neither rows nor their text while it runs. */
class HarmlessChangesIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        backups = new HeldBackup(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> harmless() {
        return Change.some("harmless.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void harmless(Change change) throws Exception {
        backups.check(change);
    }
}
