package dev.bactrian.restore;

import dev.bactrian.archive.ArchiveSource;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** An archive in the store, read part by part through the route {@code direct:read-range}. */
public record StoredSource(ProducerTemplate routes, String key, long size) implements ArchiveSource {

    @Override
    public String name() {
        return key;
    }

    @Override
    public InputStream read(long from, long length) throws IOException {
        Exchange answer = routes.request("direct:read-range", exchange -> {
            exchange.setProperty("key", key);
            exchange.getMessage().setHeader("rangeStart", from);
            exchange.getMessage().setHeader("rangeEnd", from + length - 1);
        });
        if (answer.getException() != null) {
            throw new IOException("The archive can't be read", answer.getException());
        }
        return answer.getMessage().getBody(InputStream.class);
    }
}
