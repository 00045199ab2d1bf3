package dev.bactrian.dump.instant;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup shows one instant, or fails and says why, whatever becomes of types and names that rows are printed with. */
class ChangedColumnsIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        backups = new HeldBackup(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> columns() {
        return Change.some("columns.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void columns(Change change) throws Exception {
        backups.check(change);
    }
}
