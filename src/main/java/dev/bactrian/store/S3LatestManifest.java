package dev.bactrian.store;

import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Writes which backup is a database's latest, unless another node wrote it since it was read. */
public final class S3LatestManifest {

    /** Precondition failed; a conflict with another conditional request; what was to be replaced is gone (Amazon S3, "PutObject"). */
    private static final Set<Integer> CHANGED = Set.of(412, 409, 404);

    /** What servers answer that take no conditions. */
    private static final Set<Integer> UNCONDITIONAL = Set.of(400, 405, 501);

    private static final String NO_BUCKET = "NoSuchBucket";

    private final S3Client client;
    private final String bucket;

    S3LatestManifest(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Puts a manifest in the place of the one that names {@code replaced}, and sets the header {@code latestStored}: false when there
     * is another one by now. Then the copy of the archive goes, too, unless it is that one's. Servers that know conditional requests
     * take no write in between; with others it can happen, and is found when latest/ is compared again.
     *
     * @param key of the archive that the manifest names
     * @param latest where the manifest is
     * @param replaced key of the archive that was named when this was decided; null or empty for none
     * @param copy the archive's copy
     */
    public void put(
            @Body String manifest,
            @ExchangeProperty("key") String key,
            @Header("latestManifest") String latest,
            @ExchangeProperty("latestKey") @Nullable String replaced,
            @Header("latestCopy") String copy,
            Exchange exchange) {
        StoredManifest now = read(latest);
        boolean stored = now.names().equals(key)
                || now.names().equals(replaced == null ? "" : replaced) && write(manifest, latest, now.eTag());
        if (!stored && !read(latest).names().equals(key)) {
            client.deleteObject(delete -> delete.bucket(bucket).key(copy));
        }
        exchange.getMessage().setHeader("latestStored", stored);
    }

    private StoredManifest read(String latest) {
        return StoredManifest.read(client, bucket, latest);
    }

    private boolean write(String manifest, String latest, @Nullable String eTag) {
        try {
            put(manifest, latest, put -> {
                if (eTag == null) {
                    put.ifNoneMatch("*");
                } else {
                    put.ifMatch(eTag);
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
        put(manifest, latest, put -> {});
        return true;
    }

    private void put(String manifest, String latest, Consumer<PutObjectRequest.Builder> condition) {
        client.putObject(
                put -> {
                    put.bucket(bucket).key(latest).contentType("application/json");
                    condition.accept(put);
                },
                RequestBody.fromString(manifest));
    }
}
