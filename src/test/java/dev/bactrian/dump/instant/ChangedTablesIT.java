package dev.bactrian.dump.instant;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestExtension;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup shows one instant, or fails and names the table, whatever becomes of tables while it runs. */
class ChangedTablesIT {

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        TestExtension.install(
                PostgresServer.V17, "bactrian_instant", "CREATE TABLE @extschema@.job (n int, name text);");
        backups = new HeldBackup(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> tables() {
        return Change.some("tables.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tables(Change change) throws Exception {
        backups.check(change);
    }
}
