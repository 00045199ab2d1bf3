package dev.bactrian.http.sse;

import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** What the URI of a followed route says: where it is, and how it is followed. */
public final class EventStreamEndpoint extends DefaultEndpoint {

    private static final Duration QUIET = Duration.ofSeconds(15);

    private final String path;
    private final int port;
    private long period = 1000;
    private long longest = 300_000;
    private int followers = 50;

    EventStreamEndpoint(String uri, EventStreamComponent component, String path, int port) {
        super(uri, component);
        this.path = path.startsWith("/") ? path : "/" + path;
        this.port = port;
    }

    /** Path on the server, with its parameters in braces. */
    public String getPath() {
        return path;
    }

    int getPort() {
        return port;
    }

    /** Milliseconds between two questions. */
    public long getPeriod() {
        return period;
    }

    public void setPeriod(long period) {
        this.period = period;
    }

    /** Milliseconds until a stream ends, though there is more to follow. */
    public long getLongest() {
        return longest;
    }

    public void setLongest(long longest) {
        this.longest = longest;
    }

    /** How many may follow at once. */
    public int getFollowers() {
        return followers;
    }

    public void setFollowers(int followers) {
        this.followers = followers;
    }

    Pace pace() {
        return new Pace(Duration.ofMillis(period), QUIET, Duration.ofMillis(longest));
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("Nothing can be sent to " + getEndpointUri() + ": it is followed");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        EventStreamConsumer consumer = new EventStreamConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
