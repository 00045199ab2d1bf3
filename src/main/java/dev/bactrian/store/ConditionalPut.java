package dev.bactrian.store;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Writes a small object, unless another node wrote it since it was read. */
final class ConditionalPut {

    /** Precondition failed; a conflict with another conditional request; what was to be replaced is gone (Amazon S3, "PutObject"). */
    private static final Set<Integer> CHANGED = Set.of(412, 409, 404);

    /** What servers answer that take no conditions. */
    private static final Set<Integer> UNCONDITIONAL = Set.of(400, 405, 501);

    private static final String NO_BUCKET = "NoSuchBucket";

    private final S3Client client;
    private final String bucket;

    ConditionalPut(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * False, and nothing is written, when something else than that version is there by now. Servers that know conditional requests
     * take no write in between; with others it can happen.
     *
     * @param version the ETag of what is to be replaced; null where nothing shall be there
     */
    boolean put(String text, String key, String type, @Nullable String version) {
        // For servers that take no conditions, or ignore them.
        if (!Objects.equals(version, versionOf(key))) {
            return false;
        }
        try {
            put(text, key, type, put -> {
                if (version == null) {
                    put.ifNoneMatch("*");
                } else {
                    put.ifMatch(version);
                }
            });
            return true;
        } catch (S3Exception e) {
            boolean noBucket = e.awsErrorDetails() != null
                    && NO_BUCKET.equals(e.awsErrorDetails().errorCode());
            if (CHANGED.contains(e.statusCode()) && !noBucket) {
                return false;
            }
            if (!UNCONDITIONAL.contains(e.statusCode())) {
                throw e;
            }
        }
        put(text, key, type, put -> {});
        return true;
    }

    /** By GET: only its answer says whether it is the object that isn't there. */
    private @Nullable String versionOf(String key) {
        try {
            return client.getObject(get -> get.bucket(bucket).key(key), (told, content) -> {
                content.abort();
                return told.eTag();
            });
        } catch (NoSuchKeyException e) {
            return null;
        }
    }

    private void put(String text, String key, String type, Consumer<PutObjectRequest.Builder> condition) {
        client.putObject(
                put -> {
                    put.bucket(bucket).key(key).contentType(type);
                    condition.accept(put);
                },
                RequestBody.fromString(text));
    }
}
