package dev.bactrian.testing;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The routes of an import as {@code ./bactrian import-users} runs them, in this process. */
public final class Importing {

    private Importing() {}

    /**
     * Imports users into a project, as the role that people have there.
     *
     * @param from a JSON file, or a backup
     */
    public static Restoring.Result users(String from, TestDatabase target, TestStore store, boolean skipExisting) {
        RestoreRequest request =
                new RestoreRequest(UUID.randomUUID(), from, "target", null, List.of(), List.of(), null, Set.of());
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            return restoring.send(
                    "direct:import-users", request, exchange -> exchange.setProperty("skipExisting", skipExisting));
        }
    }
}
