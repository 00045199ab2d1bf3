package dev.bactrian.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds out by what a server tells which bytes it has: it stores a small object in one part, as archives are stored, and
 * removes it. Servers differ, and the same server does by its encryption: ETags of objects that are encrypted with a key of
 * AWS KMS are no MD5.
 */
final class ETagProbe {

    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    /** By what the bytes that a server has can be compared with those that it was sent. */
    enum Means {
        ETAG("the MD5 that its ETags are made of"),
        CHECKSUM("the CRC32 checksums that it keeps"),
        NONE("nothing: neither its ETags nor its checksums show what it has stored");

        private final String words;

        Means(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    ETagProbe(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * Tries it.
     *
     * @throws IllegalStateException when the server gives back other bytes than it was sent
     */
    Means find() {
        String key = prefix + "/check-" + UUID.randomUUID();
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key(key))
                .uploadId();
        try {
            String part = client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(1),
                            RequestBody.fromBytes(CONTENT))
                    .eTag();
            client.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(parts -> parts.parts(
                            CompletedPart.builder().partNumber(1).eTag(part).build())));
            return judge(key);
        } finally {
            new S3Leftovers(client, bucket).abortUploads(key);
            client.deleteObject(delete -> delete.bucket(bucket).key(key));
        }
    }

    private Means judge(String key) {
        byte[] stored =
                client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArrayUnsafe();
        if (!Arrays.equals(stored, CONTENT)) {
            throw new IllegalStateException("the server returned other bytes than it was sent");
        }
        byte[] digest = SentParts.md5().digest(CONTENT);
        if (SentParts.composite(digest, 1)
                .equals(eTag(client.headObject(head -> head.bucket(bucket).key(key))))) {
            return Means.ETAG;
        }
        return checksum(client, bucket, key) == null ? Means.NONE : Means.CHECKSUM;
    }

    /** Without the quotes. */
    static String eTag(HeadObjectResponse told) {
        return told.eTag() == null ? "" : told.eTag().replace("\"", "");
    }

    /** The CRC32 that a server keeps of an object; null where it keeps none, or doesn't tell. */
    static @Nullable String checksum(S3Client client, String bucket, String key) {
        try {
            return client.headObject(head -> head.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED))
                    .checksumCRC32();
        } catch (S3Exception e) {
            // For objects with a key of KMS that takes a permission of its own.
            return null;
        }
    }
}
