package dev.bactrian.store;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.problem.TlsFailure;
import dev.bactrian.run.StoppableRun;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.BufferedSplittableAsyncRequestBody;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Streams an archive of unknown length to S3 as it is written, in parts. An error out of the stream, or a part that S3
 * refuses for good, aborts the upload: no object appears.
 */
final class S3Upload {

    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
    private static final long SMALLEST_PART = 8L << 20;
    private static final long MOST_PARTS = 9_000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final S3Clients clients;
    private final RefusedOptions options;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();

    /** What was read of an archive to store it. */
    record Sent(StoppableRun run, SentParts parts) {}

    S3Upload(S3Clients clients, RefusedOptions options) {
        this.clients = clients;
        this.options = options;
    }

    /**
     * Reads the stream to its end and stores it.
     *
     * @param largest bytes that it is surely smaller than, from which the size of the parts follows
     * @param run that it is stored for: stopped, it ends the upload, and it succeeds only when what is stored was compared; null for none
     */
    void upload(InputStream content, String key, String type, long largest, @Nullable StoppableRun run) {
        if (run != null) {
            // What was compared before isn't what lies there from now on.
            run.getEvidence().undone(StoredContent.STEP, "confirm-archive", "confirm-read-back");
        }
        long partSize = Math.max(SMALLEST_PART, largest / MOST_PARTS);
        SentParts parts = new SentParts(content, partSize);
        BegunUploads begun = new BegunUploads();
        ExecutorService reader = Executors.newSingleThreadExecutor(task -> new Thread(task, "s3-upload-reader"));
        try (S3AsyncClient client = clients.uploader(partSize, run, begun)) {
            CompletableFuture<PutObjectResponse> upload = client.putObject(
                    put -> put.bucket(clients.bucket()).key(key).contentType(type),
                    // Without the buffer no part could be sent again.
                    BufferedSplittableAsyncRequestBody.create(AsyncRequestBody.fromInputStream(
                            body -> body.inputStream(parts).executor(reader))));
            // A stopped stream ends the upload by itself, unless a server that doesn't answer holds it up.
            Runnable ended = run == null
                    ? () -> {}
                    : run.onStop(cause -> CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .execute(() -> upload.cancel(true)));
            try {
                upload.join();
            } finally {
                ended.run();
            }
            if (begun.mayBeOthers()) {
                endOthers(key);
            }
            if (run != null) {
                // No success before it is compared with what the store has.
                run.getEvidence().expect(StoredContent.STEP);
                sent.put(key, new Sent(run, parts));
                run.closeAtEnd(() -> sent.remove(key));
            }
        } catch (CompletionException e) {
            RuntimeException failure = e.getCause() instanceof RuntimeException cause ? cause : e;
            throw run != null && run.isStopped() ? failure : clearer(failure);
        } finally {
            reader.shutdownNow();
        }
    }

    /** Of an archive that was stored here, and whose backup hasn't ended; null of others. */
    @Nullable
    Sent sent(String key) {
        return sent.get(key);
    }

    /** The archive is stored: what else was begun under its key is nobody's, and no listing of objects shows it. */
    private void endOthers(String key) {
        try (S3Client client = clients.client()) {
            new S3Leftovers(client, clients.bucket()).abortUploads(key);
        } catch (SdkException e) {
            LOG.warn(
                    "An upload under {} may have been left unfinished, and couldn't be ended: {}", key, e.getMessage());
        }
    }

    private RuntimeException clearer(RuntimeException failure) {
        if (failure instanceof SdkClientException broken) {
            return TlsFailure.of(broken).isPresent() ? broken : clearer(broken);
        }
        return failure instanceof S3Exception refusal && RefusedOptions.isLikely(refusal)
                ? options.problem(refusal)
                        .<RuntimeException>map(problem -> new ProblemException(problem, refusal))
                        .orElse(refusal)
                : failure;
    }

    /**
     * A server that refuses an upload may close the connection before its answer has been read. A request without a body
     * gets the answer through; a small one does, too.
     */
    private RuntimeException clearer(SdkClientException broken) {
        try (S3Client client = clients.client()) {
            client.headBucket(head -> head.bucket(clients.bucket()));
        } catch (S3Exception answer) {
            answer.addSuppressed(broken);
            return answer;
        } catch (SdkException e) {
            return broken;
        }
        return options.problem(broken)
                .<RuntimeException>map(problem -> new ProblemException(problem, broken))
                .orElse(broken);
    }
}
