package dev.bactrian.instant;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup shows one instant, or fails and says why, whatever other sessions do with tables while it runs. */
class InstantIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        backups = new HeldBackup(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> tables() {
        return Change.of("tables.sql");
    }

    @ParameterizedTest
    @MethodSource
    void tables(Change change) throws IOException {
        backups.check(change);
    }
}
