package dev.bactrian.store;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The requests by which one object goes into a bucket (Amazon S3 API reference, "CreateMultipartUpload" and those it leads to). */
final class PartRequests {

    private static final Duration LONGEST_ABORT = Duration.ofSeconds(10);

    private final S3AsyncClient client;
    private final String bucket;
    private final String key;
    private final String type;
    private final boolean checksums;
    private final AtomicBoolean cannotCopy;

    /**
     * Prepares requests.
     *
     * @param type of the object
     * @param checksums whether the client sends each part's CRC32 with it
     * @param cannotCopy whether the server is known not to copy parts, or not to tell what it copied; for later uploads, too
     */
    PartRequests(
            S3AsyncClient client, String bucket, String key, String type, boolean checksums, AtomicBoolean cannotCopy) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.type = type;
        this.checksums = checksums;
        this.cannotCopy = cannotCopy;
    }

    /** The same without checksums. */
    PartRequests(S3AsyncClient client, String bucket, String key, String type) {
        this(client, bucket, key, type, false, new AtomicBoolean());
    }

    /** The part is the whole object. */
    CompletableFuture<PutObjectResponse> put(SpooledPart part, Runnable moved) {
        return client.putObject(
                request -> request.bucket(bucket).key(key).contentType(type).contentLength(part.size()),
                new PartBody(part, moved));
    }

    /** Begins an upload; its number. */
    CompletableFuture<String> create() {
        return client.createMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .contentType(type)
                        .checksumAlgorithm(checksums ? ChecksumAlgorithm.CRC32 : null))
                .thenApply(answer -> answer.uploadId());
    }

    CompletableFuture<UploadPartResponse> send(String upload, int number, SpooledPart part, Runnable moved) {
        return client.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .contentLength(part.size()),
                new PartBody(part, moved));
    }

    /** Whether the server may copy parts, and tell their CRC32. */
    boolean mayCopy() {
        return checksums && !cannotCopy.get();
    }

    /** It doesn't. */
    void cannotCopy() {
        cannotCopy.set(true);
    }

    /** Copies a part from another object of the bucket, from a first byte up to a last one, itself included. */
    CompletableFuture<UploadPartCopyResponse> copy(String upload, int number, String source, long first, long last) {
        return client.uploadPartCopy(request -> request.sourceBucket(bucket)
                .sourceKey(source)
                .copySourceRange("bytes=" + first + "-" + last)
                .destinationBucket(bucket)
                .destinationKey(key)
                .uploadId(upload)
                .partNumber(number));
    }

    /** Some bytes of another object; an answer with others is ended. */
    CompletableFuture<InputStream> read(String source, long first, long length) {
        String range = "bytes " + first + "-" + (first + length - 1);
        return client.getObject(
                        request -> request.bucket(bucket).key(source).range(range.replace(' ', '=')),
                        AsyncResponseTransformer.toBlockingInputStream())
                .thenApply(answer -> {
                    String told = answer.response().contentRange();
                    if (told == null || !told.startsWith(range + "/")) {
                        answer.abort();
                        throw new IllegalStateException(
                                "The S3 server answered " + told + " to a request for " + range + " of " + source);
                    }
                    return answer;
                });
    }

    CompletableFuture<CompleteMultipartUploadResponse> complete(String upload, List<CompletedPart> all, long size) {
        return client.completeMultipartUpload(request -> request.bucket(bucket)
                .key(key)
                .uploadId(upload)
                .mpuObjectSize(size)
                .multipartUpload(parts -> parts.parts(all)));
    }

    /** Ends an upload that isn't completed; false where the server doesn't say within 10 s that it has. */
    boolean abort(String upload) {
        return client.abortMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .overrideConfiguration(limit -> limit.apiCallTimeout(LONGEST_ABORT)))
                .handle((answer, failure) -> failure == null)
                .join();
    }
}
