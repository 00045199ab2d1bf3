package dev.bactrian.store;

import dev.bactrian.archive.StoreKeys;
import dev.bactrian.run.CurrentRun;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Copies objects inside the bucket. */
final class S3Copies {

    /** S3 copies up to 5 GB by one request; a server that is silent while it does so must be done before we hang up. */
    private static final long LARGEST_SINGLE = 1L << 30;

    private static final long PART = 256L << 20;

    private final S3Clients clients;
    private final S3Client client;
    private final KeptOptions options;
    private final long largestSingle;
    private final long part;

    S3Copies(S3Clients clients, S3Client client, KeptOptions options) {
        this(clients, client, options, LARGEST_SINGLE, PART);
    }

    S3Copies(S3Clients clients, S3Client client, KeptOptions options, long largestSingle, long part) {
        this.clients = clients;
        this.client = client;
        this.options = options;
        this.largestSingle = largestSingle;
        this.part = part;
    }

    /** None of its bytes come by here. A copy that fails leaves nothing; so does one that isn't stored as the settings ask for. */
    void copy(String key, String copy) {
        long size = client.headObject(head -> head.bucket(clients.bucket()).key(key))
                .contentLength();
        BegunUploads begun = new BegunUploads();
        try (S3AsyncClient copier = clients.uploader(CurrentRun.get(), begun)) {
            if (size <= largestSingle) {
                copier.copyObject(request -> request.sourceBucket(clients.bucket())
                                .sourceKey(key)
                                .destinationBucket(clients.bucket())
                                .destinationKey(copy)
                                .contentType(StoreKeys.contentType(copy)))
                        .join();
            } else {
                PartRequests requests = new PartRequests(copier, clients.bucket(), copy, StoreKeys.contentType(copy));
                new PartCopy(requests, key).copy(size, partOf(size, part));
            }
        } catch (CompletionException e) {
            RuntimeException failure = e.getCause() instanceof RuntimeException cause ? cause : e;
            endUploads(copy, failure);
            throw failure;
        }
        if (begun.mayBeOthers()) {
            new S3Leftovers(client, clients.bucket()).abortUploads(copy);
        }
        options.confirm(copy);
    }

    /** Bytes of each part but the last: within S3's limits for every object that S3 has. */
    static long partOf(long size, long usual) {
        return Math.max(usual, PartSizes.quotient(size, PartSizes.Limits.MOST_PARTS));
    }

    /** Its parts would be billed, and no listing shows them. */
    private void endUploads(String copy, RuntimeException failure) {
        try {
            new S3Leftovers(client, clients.bucket()).abortUploads(copy);
        } catch (SdkException e) {
            failure.addSuppressed(e);
        }
    }
}
