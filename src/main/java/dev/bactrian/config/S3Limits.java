package dev.bactrian.config;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a store takes of one object.
 *
 * @param equalParts whether it wants all parts of an upload but the last to have the same size
 * @param largestObject bytes
 */
public record S3Limits(boolean equalParts, long largestObject) {

    /** 48.8 TiB, which is 10,000 parts of 5 GiB (Amazon S3 User Guide, "Amazon S3 multipart upload limits"). */
    public static final S3Limits OF_AMAZON = new S3Limits(false, 10_000L * (5L << 30));

    /**
     * "The object size limit is 5 GiB less than 5 TiB"; "all parts except the last one must be the same size" (Cloudflare R2,
     * "Limits" and "Multipart upload").
     */
    public static final S3Limits OF_R2 = new S3Limits(true, (5L << 40) - (5L << 30));

    private static final String R2 = ".r2.cloudflarestorage.com";

    /** What is known of the server at that address; Amazon's limits where nothing is. */
    public static S3Limits of(@Nullable URI endpoint) {
        String host = endpoint == null ? null : endpoint.getHost();
        return host != null && host.toLowerCase(Locale.ROOT).endsWith(R2) ? OF_R2 : OF_AMAZON;
    }
}
