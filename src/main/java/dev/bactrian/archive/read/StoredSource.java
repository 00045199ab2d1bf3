package dev.bactrian.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive in the store, read part by part through the route {@code direct:read-range}.
 *
 * @param warnings takes what whoever reads it should know
 */
public record StoredSource(ProducerTemplate routes, String key, long size, Consumer<String> warnings)
        implements ArchiveSource {

    private static final Logger LOG = LoggerFactory.getLogger(StoredSource.class);

    @Override
    public String name() {
        return key;
    }

    @Override
    public boolean isFetched() {
        return true;
    }

    @Override
    public boolean readsAgain(String what) {
        String told = "Of " + key + ", " + what + " arrived damaged from the store, and was read again. If this "
                + "happens often, check the network between this machine and the store, and use https.";
        LOG.warn("{}", told);
        warnings.accept(told);
        return true;
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
