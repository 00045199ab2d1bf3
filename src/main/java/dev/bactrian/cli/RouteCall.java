package dev.bactrian.cli;

import dev.bactrian.app.App;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** How commands have routes do something. */
final class RouteCall {

    private RouteCall() {}

    /** The exchange as the route left it; throws what the route didn't deal with. */
    static Exchange send(App app, String route, Processor request) throws Exception {
        return succeeded(app.producer().request(route, request));
    }

    /** The same exchange, unless it failed. */
    static Exchange succeeded(Exchange ended) throws Exception {
        if (ended.getException() != null) {
            throw ended.getException();
        }
        return ended;
    }
}
