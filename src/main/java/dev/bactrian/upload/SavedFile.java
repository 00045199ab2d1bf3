package dev.bactrian.upload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.files.Download;
import org.jspecify.annotations.Nullable;

/**
 * A file as {@code storage/objects.json} tells of it.
 *
 * @param line what stands there
 * @param lacking whether the archive hasn't got its bytes, so that the line tells why
 */
public record SavedFile(JsonNode line, boolean lacking) {

    String bucket() {
        return line.path("bucket_id").asText();
    }

    String name() {
        return line.path("name").asText();
    }

    String entry() {
        return line.path("entry").asText();
    }

    long size() {
        return line.path("bytes").asLong(-1);
    }

    String sha256() {
        return line.path("sha256").asText();
    }

    @Nullable
    String eTag() {
        return Download.plain(text("etag"));
    }

    /** Null where the line doesn't say. */
    @Nullable
    String text(String field) {
        JsonNode value = line.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    /** Null for none. */
    @Nullable
    JsonNode userMetadata() {
        JsonNode metadata = line.path("user_metadata");
        return metadata.isObject() ? metadata : null;
    }

    /** As people may read it, in one line. */
    String shown() {
        return (bucket() + "/" + name()).replaceAll("\\p{Cntrl}", "?");
    }
}
