package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.support.Printable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way into a store.
 *
 * @param size bytes of its content
 * @param contentType null where nobody knows it
 * @param userMetadata an object; null for none
 */
public record Upload(
        String bucket,
        String name,
        long size,
        @Nullable String contentType,
        @Nullable String cacheControl,
        @Nullable JsonNode userMetadata,
        Content content) {

    /** The bytes, as often as they are asked for; a stream that fails before its last byte leaves nothing in the store. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    /** As people may read it, in one line. */
    public String shown() {
        return Printable.line(bucket + "/" + name);
    }
}
