package dev.bactrian.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.support.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A file as {@code storage/objects.json} tells of it.
 *
 * @param line what stands there
 * @param lacking whether the archive hasn't got its bytes, so that the line tells why
 */
public record SavedFile(JsonNode line, boolean lacking) {

    public String bucket() {
        return line.path("bucket_id").asText();
    }

    public String name() {
        return line.path("name").asText();
    }

    public String entry() {
        return line.path("entry").asText();
    }

    /** Bytes; -1 where the line doesn't say. */
    public long size() {
        return line.path("bytes").asLong(-1);
    }

    public String sha256() {
        return line.path("sha256").asText();
    }

    /** A column of its row, or what else the line says; null where it doesn't. */
    public @Nullable String text(String field) {
        JsonNode value = line.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    /** Null for none. */
    public @Nullable JsonNode userMetadata() {
        JsonNode metadata = line.path("user_metadata");
        return metadata.isObject() ? metadata : null;
    }

    /** As people may read it, in one line. */
    public String shown() {
        return Printable.line(bucket() + "/" + name());
    }
}
