package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.restore.steps.RestoreView;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Sends a request to its route, and shows how far it is until it has ended. */
final class RouteFollower {

    private static final long LOOK_EVERY_MS = 200;

    private RouteFollower() {}

    /** The exchange as the route left it; throws what the route didn't deal with. */
    static Exchange toTheEnd(App app, String route, Processor request, PrintWriter err) throws Exception {
        return toTheEnd(app, route, request, err, progress -> app.restores()
                .active()
                .forEach(run -> progress.show(RestoreView.progress(run))));
    }

    /**
     * The same of another kind of run.
     *
     * @param look shows how far it is, again and again
     */
    static Exchange toTheEnd(App app, String route, Processor request, PrintWriter err, Consumer<ProgressLine> look)
            throws Exception {
        CompletableFuture<Exchange> running = app.producer().asyncSend(route, request);
        ProgressLine progress = new ProgressLine(err);
        while (!running.isDone()) {
            look.accept(progress);
            Thread.sleep(LOOK_EVERY_MS);
        }
        progress.end();
        return RouteCall.succeeded(running.get());
    }
}
