package dev.bactrian.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where archives go.
 *
 * @param prefix first part of every key, without slashes at its ends
 * @param endpoint of a server that isn't Amazon's; null for Amazon S3
 * @param objects what every object is given that is written
 * @param copiesLatest whether latest/ gets a copy of the newest archive, and not only a manifest that names it
 * @param accessKeyId null to take the AWS SDK's usual sources (profile, container or instance role)
 * @param checksumsWhenRequired true to send request checksums only where the protocol demands them
 */
public record S3Settings(
        String bucket,
        String prefix,
        String region,
        @Nullable URI endpoint,
        boolean pathStyle,
        boolean checksumsWhenRequired,
        S3ObjectSettings objects,
        boolean copiesLatest,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey) {

    /** Without the credentials. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix + (endpoint == null ? "" : " at " + endpoint);
    }
}
