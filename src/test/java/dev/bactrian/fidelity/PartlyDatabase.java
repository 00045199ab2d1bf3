package dev.bactrian.fidelity;

import dev.bactrian.testing.servers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** All parts of {@link Partly}, on one version. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PartlyDatabase implements SingleObjects {

    private final RestoredDatabase partly;

    PartlyDatabase(PostgresServer server) {
        this.partly = RestoredDatabase.of(server, "partly");
    }

    @Override
    public final RestoredDatabase partly() {
        return partly;
    }

    @Test
    void theRestOfItComesBack() {
        partly.comesBack("SELECT id, name FROM public.ordinary ORDER BY id");
    }
}
