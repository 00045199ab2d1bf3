package dev.bactrian.store;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.problem.TlsFailure;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Streams an archive of unknown length to S3 as it is written, in parts that wait in the work folder. An error out of the stream,
 * or a part that S3 refuses for good, aborts the upload: no object appears.
 */
final class S3Upload {

    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final S3Clients clients;
    private final RefusedOptions options;
    private final PartSizes.Limits limits;
    private final AtomicBoolean cannotCopy = new AtomicBoolean();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();

    /** What was read of an archive to store it. */
    record Sent(StoppableRun run, SentParts parts) {}

    S3Upload(S3Clients clients, RefusedOptions options) {
        this(clients, options, PartSizes.Limits.of(clients.limits()));
    }

    S3Upload(S3Clients clients, RefusedOptions options, PartSizes.Limits limits) {
        this.clients = clients;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Reads the stream to its end and stores it.
     *
     * @param largest bytes that it is expected to have at most, from which the size of the parts follows; 0 where that isn't known
     * @param waiting bytes that may take room meanwhile where the parts wait
     * @param run that it is stored for: stopped, it ends the upload, and it succeeds only when what is stored was compared; null for none
     */
    void upload(InputStream content, String key, String type, long largest, long waiting, @Nullable StoppableRun run) {
        if (run != null) {
            // What was compared before isn't what lies there from now on.
            run.getEvidence().undone(StoredContent.STEP, "confirm-archive", "confirm-read-back");
        }
        if (run != null && largest > limits.object()) {
            // Archives are mostly far smaller: whether this one fits, only its end tells.
            run.warn("The database and its files have " + Units.readable(largest) + "; if the archive grows beyond "
                    + Units.readable(limits.object())
                    + ", the most that the S3 server takes, the backup fails then. Leave "
                    + "tables or schemas out and back them up in a backup of their own, or store elsewhere.");
        }
        PartSizes sizes = new PartSizes(limits, largest);
        BegunUploads begun = new BegunUploads();
        try (PartFolder folder = PartFolder.of(run);
                S3AsyncClient client = clients.uploader(run, begun)) {
            CompletableFuture<Void> outcome = new CompletableFuture<>();
            PartUpload upload = new PartUpload(
                    new PartRequests(client, clients.bucket(), key, type, clients.sendsChecksums(), cannotCopy),
                    sizes,
                    PartRoom.require(folder.path(), sizes, waiting, largest),
                    folder.path(),
                    run == null ? () -> {} : run.getProgress()::alive,
                    outcome::completeExceptionally);
            try {
                send(upload, content, outcome, run);
            } catch (RuntimeException e) {
                end(upload, key, begun);
                throw run != null && run.isStopped() ? e : clearer(e, upload);
            } catch (IOException e) {
                end(upload, key, begun);
                throw e;
            }
            if (begun.mayBeOthers()) {
                endOthers(key);
            }
            if (run != null) {
                // No success before it is compared with what the store has.
                run.getEvidence().expect(StoredContent.STEP);
                sent.put(key, new Sent(run, upload.sent()));
                run.closeAtEnd(() -> sent.remove(key));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the upload, or for the first that fails: the stream, a part, or the run. */
    private static void send(
            PartUpload upload, InputStream content, CompletableFuture<Void> outcome, @Nullable StoppableRun run)
            throws IOException {
        ExecutorService reader = Executors.newSingleThreadExecutor(task -> new Thread(task, "s3-upload-reader"));
        Runnable ended = run == null
                ? () -> {}
                : run.onStop(cause -> outcome.completeExceptionally(new CancellationException("The run was stopped")));
        try (upload) {
            reader.execute(() -> {
                try {
                    upload.send(content);
                    outcome.complete(null);
                } catch (ExecutionException e) {
                    outcome.completeExceptionally(e.getCause());
                } catch (Exception | Error e) {
                    outcome.completeExceptionally(e);
                }
            });
            outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            ended.run();
            reader.shutdownNow();
            awaitEnd(reader);
        }
    }

    /** What it was about to begin in the bucket is begun by then, or never. */
    private static void awaitEnd(ExecutorService reader) {
        try {
            reader.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing of it stays, wherever the server can still be asked; whatever removes a failed backup asks it again. */
    private void end(PartUpload upload, String key, BegunUploads begun) {
        if (begun.any() && (!upload.abort() || begun.mayBeOthers())) {
            endOthers(key);
        }
    }

    /** Of an archive that was stored here, and whose backup hasn't ended; null of others. */
    @Nullable
    Sent sent(String key) {
        return sent.get(key);
    }

    /** What was begun under the key and is no archive belongs to no backup, and no listing of objects shows it. */
    private void endOthers(String key) {
        try (S3Client client = clients.client()) {
            new S3Leftovers(client, clients.bucket()).abortUploads(key);
        } catch (SdkException e) {
            LOG.warn(
                    "An upload under {} may have been left unfinished, and couldn't be ended: {}", key, e.getMessage());
        }
    }

    private RuntimeException clearer(RuntimeException failure, PartUpload upload) {
        if (failure instanceof SdkClientException broken) {
            return TlsFailure.of(broken).isPresent() ? broken : clearer(broken);
        }
        return failure instanceof S3Exception refusal && RefusedOptions.isLikely(refusal)
                ? problem(refusal, upload)
                        .<RuntimeException>map(problem -> new ProblemException(problem, refusal))
                        .orElse(refusal)
                : failure;
    }

    private Optional<Problem> problem(S3Exception refusal, PartUpload upload) {
        return options.problem(refusal)
                .or(() -> upload.isCompleting() && !upload.sent().areEqual() ? unequal(refusal) : Optional.empty());
    }

    /** A server that wants equal parts says so when all have been sent. */
    private Optional<Problem> unequal(S3Exception refusal) {
        try (S3Client client = clients.client()) {
            return new UnequalParts(client, clients.bucket(), clients.prefix()).refused()
                    ? Optional.of(UnequalParts.problem(S3Errors.said(refusal) + "." + S3Errors.message(refusal)))
                    : Optional.empty();
        } catch (SdkException e) {
            refusal.addSuppressed(e);
            return Optional.empty();
        }
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
