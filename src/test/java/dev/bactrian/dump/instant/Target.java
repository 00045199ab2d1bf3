package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Where backups are restored to, one after the other: a database that is made for each of them. */
final class Target implements AutoCloseable {

    private final TestDatabase maintenance;
    private final TestDatabase restored;
    private final Restoring restoring;

    Target(PostgresServer server, TestStore store) {
        maintenance = new TestDatabase(server.port(), "postgres");
        restored = server.createDatabase();
        restoring = Restoring.into(maintenance, store);
    }

    /** Restores a backup whole, and requires that all of it comes back. */
    TestDatabase restore(String key) {
        drop();
        Restoring.Result result = restoring.run(new RestoreRequest(
                UUID.randomUUID(), key, "target", restored.name(), List.of(), List.of(), null, Set.of()));
        assertThat(result.outcome())
                .as("a success that can't be restored: " + result.told())
                .isEqualTo(RestoreView.Outcome.SUCCESS);
        return restored;
    }

    /** Drops what was restored last. */
    void drop() {
        maintenance.run("DROP DATABASE IF EXISTS " + restored.name() + " WITH (FORCE)");
    }

    @Override
    public void close() {
        restoring.close();
    }
}
