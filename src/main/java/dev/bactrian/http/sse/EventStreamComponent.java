package dev.bactrian.http.sse;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * Routes that begin at {@code event-stream:/path/{name}}, beside those of {@code platform-http:} on the same server. Such a route is
 * asked at once and then every {@code period} milliseconds for as long as somebody follows; headers are the path's parameters. What
 * it answers with becomes an event (HTML Living Standard, "Server-sent events") when it isn't what it was before:
 *
 * <ul>
 *   <li>body: the event's data, one line; header {@code event}: its name; header {@code lastEvent}: true when no other will follow
 *   <li>header {@code CamelHttpResponseCode} of 400 and more: an error. As the first answer it is given as it is; later, it ends the
 *       stream, and who asks again learns why
 * </ul>
 *
 * <p>Not by {@code platform-http:} with an InputStream: Camel 4.18.0 passes that on only when 8 KB have come together, and reads all
 * such bodies of a server one after another, so that one that waits for its next event would hold up every download.
 */
public final class EventStreamComponent extends DefaultComponent {

    private final int port;

    /**
     * Prepares it.
     *
     * @param port of the HTTP server whose routes these are
     */
    public EventStreamComponent(int port) {
        this.port = port;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        // Camel has encoded the braces.
        String path = URLDecoder.decode(remaining, StandardCharsets.UTF_8);
        EventStreamEndpoint endpoint = new EventStreamEndpoint(uri, this, path, port);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
