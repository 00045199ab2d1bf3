package dev.bactrian.store;

import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds out whether a server copies parts of another object into an upload, and tells the CRC32 of what it copied, as Amazon S3 does
 * (API reference, "UploadPartCopy"). For that it stores an object of 5 MiB, the least that a part has, and removes it.
 */
final class CopiedParts {

    private static final int SIZE = 5 << 20;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client client;
    private final String bucket;

    CopiedParts(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Whether backups have parts copied, in words. A refusal that isn't about the request itself is thrown. */
    String told(String prefix, boolean equalParts, boolean checksums) {
        if (equalParts || !checksums) {
            return "not tried, since "
                    + (equalParts ? "all parts have one size (S3_EQUAL_PARTS)" : "no checksums are sent (S3_CHECKSUMS)")
                    + ": unchanged tables are fetched and sent again";
        }
        String key = prefix + "/check-" + UUID.randomUUID() + "-copied";
        client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(new byte[SIZE]));
        try {
            return copied(key)
                    ? "copied, with CRC32"
                    : "the server doesn't say what it copied: unchanged tables are fetched and sent again";
        } catch (S3Exception e) {
            boolean unknown = e.statusCode() < SERVER_ERROR && e.statusCode() != FORBIDDEN;
            if (!unknown && e.statusCode() != NOT_IMPLEMENTED) {
                throw e;
            }
            return "the server can't (" + S3Errors.said(e) + "): unchanged tables are fetched and sent again";
        } finally {
            client.deleteObject(delete -> delete.bucket(bucket).key(key));
        }
    }

    private boolean copied(String key) {
        String target = key + "-upload";
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key(target).checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        try {
            CopyPartResult result = client.uploadPartCopy(copy -> copy.sourceBucket(bucket)
                            .sourceKey(key)
                            .copySourceRange("bytes=0-" + (SIZE - 1))
                            .destinationBucket(bucket)
                            .destinationKey(target)
                            .uploadId(upload)
                            .partNumber(1))
                    .copyPartResult();
            return result != null && result.checksumCRC32() != null;
        } finally {
            client.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(target).uploadId(upload));
        }
    }
}
