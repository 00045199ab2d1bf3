package dev.bactrian.dump.instant;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestExtension;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup shows one instant, or fails and says why, whatever becomes of rights and names that rows are printed with. */
class ChangedRightsIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        TestExtension.install(
                PostgresServer.V17, "bactrian_instant", "CREATE TABLE @extschema@.job (n int, name text);");
        backups = HeldBackup.by("instant_reader");
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> rights() {
        return Change.of("rights.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void rights(Change change) throws Exception {
        backups.check(change);
    }
}
