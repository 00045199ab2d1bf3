package dev.bactrian.config;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
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
 * @param publicEndpoint where those who get a download link reach the server; null where that is the endpoint itself
 * @param authorities certificates that are trusted in addition to those that Java trusts
 * @param limits what the server takes of one object
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
        @Nullable String secretAccessKey,
        @Nullable URI publicEndpoint,
        List<X509Certificate> authorities,
        S3Limits limits) {

    /** Keeps the certificates in the file's order. */
    public S3Settings {
        authorities = List.copyOf(authorities);
    }

    /** Of a server that has one address, and a certificate that Java trusts or none. */
    public S3Settings(
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
        this(
                bucket,
                prefix,
                region,
                endpoint,
                pathStyle,
                checksumsWhenRequired,
                objects,
                copiesLatest,
                accessKeyId,
                secretAccessKey,
                null,
                List.of(),
                S3Limits.of(endpoint));
    }

    /** The same, with other options for objects and checksums. */
    public S3Settings with(S3ObjectSettings otherObjects, boolean otherChecksums) {
        return new S3Settings(
                bucket,
                prefix,
                region,
                endpoint,
                pathStyle,
                otherChecksums,
                otherObjects,
                copiesLatest,
                accessKeyId,
                secretAccessKey,
                publicEndpoint,
                authorities,
                limits);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix + (endpoint == null ? "" : " at " + endpoint);
    }
}
