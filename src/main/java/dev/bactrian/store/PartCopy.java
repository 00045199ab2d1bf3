package dev.bactrian.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * A copy in parts of one size, a few at once: the SDK's own begins all at once, and of a large object most would wait too long for
 * a connection.
 */
final class PartCopy {

    private static final int AT_ONCE = 8;

    private final PartRequests requests;
    private final String source;

    /**
     * Prepares a copy.
     *
     * @param requests by which it is made; it begins with nothing of the other's
     * @param source key of the other
     */
    PartCopy(PartRequests requests, String source) {
        this.requests = requests;
        this.source = source;
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
        String upload = requests.create().join();
        List<CompletedPart> copied = new ArrayList<>();
        Deque<CompletableFuture<UploadPartCopyResponse>> underWay = new ArrayDeque<>();
        try {
            int number = 1;
            for (long from = 0; from < size; from += part) {
                if (underWay.size() == AT_ONCE) {
                    copied.add(next(underWay, copied.size() + 1));
                }
                underWay.add(requests.copy(upload, number++, source, from, Math.min(from + part, size) - 1));
            }
            while (!underWay.isEmpty()) {
                copied.add(next(underWay, copied.size() + 1));
            }
        } finally {
            underWay.forEach(request -> request.cancel(true));
        }
        requests.complete(upload, copied, size).join();
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
