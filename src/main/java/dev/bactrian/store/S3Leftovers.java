package dev.bactrian.store;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/** Ends uploads that a failed or killed backup left half done: their parts are billed, and no listing shows them. */
final class S3Leftovers {

    private final S3Client client;
    private final String bucket;

    S3Leftovers(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Aborts every upload under this key. */
    void abortUploads(String key) {
        client.listMultipartUploadsPaginator(list -> list.bucket(bucket).prefix(key)).uploads().stream()
                .filter(upload -> key.equals(upload.key()))
                .forEach(upload -> abort(client, bucket, upload));
    }

    private static void abort(S3Client client, String bucket, MultipartUpload upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
        } catch (NoSuchUploadException e) {
            // It ended by itself in the meantime.
        }
    }
}
