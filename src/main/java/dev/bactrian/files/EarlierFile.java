package dev.bactrian.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file as an earlier archive's {@code storage/objects.json} tells of it. */
record EarlierFile(
        String bucket,
        String name,
        String entry,
        @Nullable String version,
        @Nullable String eTag,
        long bytes,
        String sha256) {

    static EarlierFile of(JsonNode line) {
        return new EarlierFile(
                line.path("bucket_id").asText(),
                line.path("name").asText(),
                line.path("entry").asText(),
                line.path("version").textValue(),
                Download.plain(line.path("etag").textValue()),
                line.path("bytes").asLong(-1),
                line.path("sha256").asText());
    }

    /** Whether its bytes are those that a row tells of; a row that tells neither version nor eTag may mean any. */
    boolean isSame(StorageObject object) {
        return version != null
                && eTag != null
                && bytes >= 0
                && version.equals(object.column("version"))
                && Objects.equals(eTag, object.eTag())
                && (object.size() < 0 || object.size() == bytes);
    }
}
