package dev.bactrian.store;

import dev.bactrian.config.SettingName;
import dev.bactrian.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Finds out whether a server takes parts of different sizes. Cloudflare R2 doesn't: "All parts except the last one must be the
 * same size" (R2's documentation, "Multipart upload"); it says so only when an upload is completed. So this stores an object of 11 MiB
 * in parts that are small and differ, and removes it.
 */
final class UnequalParts {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    /** S3 takes parts from 5 MiB on, and a last one of any size. */
    private static final int[] SIZES = {5 << 20, 6 << 20, 1};

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    UnequalParts(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Whether they are refused for their sizes. Any other failure is thrown. */
    boolean refused() {
        String key = prefix + "/check-" + UUID.randomUUID() + "-unequal";
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key(key))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (int size : SIZES) {
                parts.add(part(key, upload, parts.size() + 1, size));
            }
            return !complete(key, upload, parts);
        } finally {
            remove(key, upload);
        }
    }

    /** Both, whatever the answers were: one that was lost may have been good. */
    private void remove(String key, String upload) {
        try {
            client.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(upload));
        } catch (S3Exception e) {
            // It is completed.
        }
        client.deleteObject(delete -> delete.bucket(bucket).key(key));
    }

    /** False where the server refuses it for what it is asked for. */
    private boolean complete(String key, String upload, List<CompletedPart> parts) {
        try {
            client.completeMultipartUpload(complete ->
                    complete.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() >= SERVER_ERROR || e.statusCode() == FORBIDDEN || e.statusCode() == NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private CompletedPart part(String key, String upload, int number, int size) {
        UploadPartResponse stored = client.uploadPart(
                part -> part.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                RequestBody.fromBytes(new byte[size]));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(stored.eTag())
                .checksumCRC32(stored.checksumCRC32())
                .build();
    }

    static Problem problem(String said) {
        return new Problem(
                said + " It takes an upload only in parts of one size.",
                "Set " + SettingName.S3_EQUAL_PARTS + "=true.");
    }
}
