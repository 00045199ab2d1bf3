package dev.bactrian.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Channel;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.processor.errorhandler.NoErrorHandler;
import org.junit.jupiter.api.Test;

/** Which routes have an error handler: one more, and a lost table is called a success. */
class ErrorHandlersIT {

    /** Called ones that end a failure themselves: where a backup, a restore or a verification ends, and where a check goes on. */
    private static final Set<String> CALLED_WITH_HANDLER = Set.of(
            "run-backup",
            "run-restore",
            "run-verify",
            "run-recorded-verify",
            "import-users",
            "check-database",
            "request-scheduled-backup");

    /** The heartbeat: its row may be away for a moment. */
    private static final Set<String> STARTED_WITHOUT = Set.of("mark-progress");

    @Test
    void onlyWhatNobodyCallsAndWhereABackupEndsHasOne() {
        TestDatabase source = PostgresServer.V17.createDatabase();
        try (TestStore store = TestStore.start();
                BactrianService service =
                        BactrianService.start(source.url(), PostgresServer.V17.createDatabase(), store)) {
            Set<String> called = new TreeSet<>();
            Set<String> started = new TreeSet<>();
            for (Route route : service.app().context().getRoutes()) {
                boolean direct = route.getEndpoint().getEndpointUri().startsWith("direct:");
                Optional<Processor> handler = handler(route);
                boolean none = handler.filter(NoErrorHandler.class::isInstance).isPresent();
                if (direct && handler.isPresent() && !none) {
                    called.add(route.getId());
                } else if (!direct && none) {
                    started.add(route.getId());
                }
            }

            assertThat(called).isEqualTo(new TreeSet<>(CALLED_WITH_HANDLER));
            assertThat(started).isEqualTo(new TreeSet<>(STARTED_WITHOUT));
            assertThat(service.app().context().getRoutes()).hasSizeGreaterThan(150);
        }
    }

    /** Of its steps, as they run; empty where all is in a doTry, which has none. */
    private static Optional<Processor> handler(Route route) {
        return route.navigate().next().stream()
                .map(step -> ((Channel) step).getErrorHandler())
                .filter(Objects::nonNull)
                .findFirst();
    }
}
