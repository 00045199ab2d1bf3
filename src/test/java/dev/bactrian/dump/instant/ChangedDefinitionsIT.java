package dev.bactrian.dump.instant;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup's definitions are those of its instant, or it fails and says why, whatever becomes of objects while it runs. */
class ChangedDefinitionsIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        backups = new HeldBackup(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> definitions() {
        return Change.some("definitions.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void definitions(Change change) throws Exception {
        backups.check(change);
    }
}
