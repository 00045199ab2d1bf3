package dev.bactrian.store;

import dev.bactrian.archive.StoreKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * A copy in parts of one size, a few at once: the SDK's own begins all at once, and of a large object most would wait too long for
 * a connection.
 */
final class PartCopy {

    private static final int AT_ONCE = 8;

    private final S3AsyncClient client;
    private final String bucket;
    private final String source;
    private final String target;

    PartCopy(S3AsyncClient client, String bucket, String source, String target) {
        this.client = client;
        this.bucket = bucket;
        this.source = source;
        this.target = target;
    }

    /**
     * Copies it, without conditions, which some servers refuse: an archive is written once. What fails leaves the caller to end the
     * upload.
     *
     * @param size bytes of the source
     * @param part bytes of each part but the last
     * @throws java.util.concurrent.CompletionException when a request fails
     */
    void copy(long size, long part) {
        String upload = client.createMultipartUpload(request -> request.bucket(bucket)
                        .key(target)
                        // It begins with nothing of the other's.
                        .contentType(StoreKeys.contentType(target)))
                .join()
                .uploadId();
        List<CompletedPart> copied = new ArrayList<>();
        Deque<CompletableFuture<UploadPartCopyResponse>> underWay = new ArrayDeque<>();
        try {
            int number = 1;
            for (long from = 0; from < size; from += part) {
                if (underWay.size() == AT_ONCE) {
                    copied.add(next(underWay, copied.size() + 1));
                }
                underWay.add(begin(upload, number++, from, Math.min(from + part, size) - 1));
            }
            while (!underWay.isEmpty()) {
                copied.add(next(underWay, copied.size() + 1));
            }
        } finally {
            underWay.forEach(request -> request.cancel(true));
        }
        client.completeMultipartUpload(request -> request.bucket(bucket)
                        .key(target)
                        .uploadId(upload)
                        .mpuObjectSize(size)
                        .multipartUpload(parts -> parts.parts(copied)))
                .join();
    }

    private CompletableFuture<UploadPartCopyResponse> begin(String upload, int number, long first, long last) {
        return client.uploadPartCopy(request -> request.sourceBucket(bucket)
                .sourceKey(source)
                .copySourceRange("bytes=" + first + "-" + last)
                .destinationBucket(bucket)
                .destinationKey(target)
                .uploadId(upload)
                .partNumber(number));
    }

    private static CompletedPart next(Deque<CompletableFuture<UploadPartCopyResponse>> underWay, int number) {
        CopyPartResult copied = underWay.remove().join().copyPartResult();
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(copied.eTag())
                .checksumCRC32(copied.checksumCRC32())
                .build();
    }
}
