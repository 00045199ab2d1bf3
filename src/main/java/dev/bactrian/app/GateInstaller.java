package dev.bactrian.app;

import dev.bactrian.http.security.ApiKeyGate;
import io.vertx.ext.web.Router;
import java.util.Collection;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.LifecycleStrategySupport;

/** Puts the gate into the HTTP server as soon as that exists, which is before any route answers. */
final class GateInstaller extends LifecycleStrategySupport {

    private final ApiKeyGate gate;
    private final int port;
    private boolean installed;

    GateInstaller(ApiKeyGate gate, int port) {
        this.gate = gate;
        this.port = port;
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        if (installed || routes.isEmpty()) {
            return;
        }
        VertxPlatformHttpRouter router = VertxPlatformHttpRouter.lookup(
                routes.iterator().next().getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(port));
        if (router == null) {
            throw new IllegalStateException(
                    "The HTTP server was not found. The service doesn't start without the API key check");
        }
        gate.install(router);
        // Camel's router is mounted in another one, which answers before the gate when it can't read a path.
        if (router.getServer().getServer().requestHandler() instanceof Router outer) {
            ApiKeyGate.answerUnroutable(outer);
        }
        installed = true;
    }
}
