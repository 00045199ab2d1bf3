package dev.bactrian.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object on its way into a bucket, in parts that wait in files until they are stored. What fits into one part is stored by one
 * request. Any failure leaves the caller to {@link #close} and {@link #abort}.
 */
final class PartUpload implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final PartRequests requests;
    private final PartSizes sizes;
    private final PartRoom room;
    private final Path folder;
    private final Runnable moved;
    private final Consumer<Throwable> failed;
    private final SentParts sent = new SentParts();
    private final List<@Nullable CompletedPart> stored = Collections.synchronizedList(new ArrayList<>());
    private final Set<CompletableFuture<?>> underWay = new HashSet<>();
    private final Set<SpooledPart> files = new HashSet<>();
    private volatile @Nullable String id;
    private final OpenQuestion question = new OpenQuestion();
    private volatile boolean completing;
    private boolean closed;

    /**
     * Prepares an upload.
     *
     * @param folder for the parts that wait
     * @param moved called for each piece that goes out
     * @param failed told at once of a part that the server refuses for good, whatever {@link #send} waits for
     */
    PartUpload(
            PartRequests requests,
            PartSizes sizes,
            PartRoom room,
            Path folder,
            Runnable moved,
            Consumer<Throwable> failed) {
        this.requests = requests;
        this.sizes = sizes;
        this.room = room;
        this.folder = folder;
        this.moved = moved;
        this.failed = failed;
    }

    /** What was read of the stream. */
    SentParts sent() {
        return sent;
    }

    /** Reads the stream to its end, and stores it. For one thread, which may be interrupted. */
    void send(InputStream content) throws IOException, InterruptedException, ExecutionException {
        byte[] buffer = new byte[BUFFER];
        SpooledPart part = null;
        for (int count = content.read(buffer, 0, BUFFER); count >= 0; count = content.read(buffer, 0, BUFFER)) {
            int from = 0;
            while (from < count) {
                if (part == null) {
                    part = begin();
                } else if (part.isFull()) {
                    send(part);
                    part = begin();
                }
                from += part.write(buffer, from, count - from);
            }
            if (part != null && part.isFull() && id != null) {
                // Only the first waits for more: if nothing comes, it is the whole object.
                send(part);
                part = null;
            }
        }
        String upload = id;
        if (upload == null) {
            put(part == null ? begin() : part);
            return;
        }
        if (part != null) {
            send(part);
        }
        awaitAll();
        completing = true;
        ask(() -> requests.complete(upload, List.copyOf(stored), sent.bytes()));
    }

    /** Whether all parts were stored, and the server was asked to make one object of them. */
    boolean isCompleting() {
        return completing;
    }

    private <T> T ask(Supplier<CompletableFuture<T>> request) throws InterruptedException, ExecutionException {
        CompletableFuture<T> sent;
        synchronized (files) {
            refuseWhenClosed();
            sent = question.is(request.get());
        }
        return sent.get();
    }

    private SpooledPart begin() throws IOException, InterruptedException {
        long size = sizes.next(sent.bytes(), sent.count());
        synchronized (files) {
            while (files.size() >= room.parts(size)) {
                refuseWhenClosed();
                files.wait();
            }
            refuseWhenClosed();
            SpooledPart part = new SpooledPart(folder.resolve("part-" + (sent.count() + 1)), size);
            files.add(part);
            return part;
        }
    }

    private void put(SpooledPart part) throws InterruptedException {
        sent.add(part.end());
        follow(part, requests.put(part, moved), answer -> {});
        awaitAll();
    }

    private void send(SpooledPart part) throws InterruptedException, ExecutionException {
        String upload = id;
        if (upload == null) {
            upload = ask(() -> requests.create().thenApply(number -> {
                id = number;
                return number;
            }));
        }
        sent.add(part.end());
        int number = sent.count();
        stored.add(null);
        follow(
                part,
                requests.send(upload, number, part, moved),
                answer -> stored.set(
                        number - 1,
                        CompletedPart.builder()
                                .partNumber(number)
                                .eTag(answer.eTag())
                                .checksumCRC32(answer.checksumCRC32())
                                .build()));
    }

    /** Keeps an eye on a request: at its end its part goes, and a failure is reported. */
    private <T> void follow(SpooledPart part, CompletableFuture<T> request, Consumer<T> answered) {
        synchronized (files) {
            underWay.add(request);
            if (closed) {
                request.cancel(true);
            }
        }
        request.whenComplete((answer, failure) -> {
            Throwable reason =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            try {
                if (reason == null) {
                    answered.accept(answer);
                }
                part.close();
            } catch (IOException | RuntimeException e) {
                reason = reason == null ? e : reason;
            }
            if (reason != null) {
                failed.accept(reason);
            }
            synchronized (files) {
                closed |= reason != null;
                files.remove(part);
                underWay.remove(request);
                files.notifyAll();
            }
        });
    }

    private void awaitAll() throws InterruptedException {
        synchronized (files) {
            while (!files.isEmpty()) {
                refuseWhenClosed();
                files.wait();
            }
            refuseWhenClosed();
        }
    }

    private void refuseWhenClosed() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("The upload was given up");
        }
    }

    /** Asks the server to end what was begun and not completed; false where that has no number here, or it isn't known to be ended. */
    boolean abort() {
        String begun = id;
        if (begun == null) {
            return false;
        }
        return requests.abort(begun);
    }

    /** Ends what is under way, and frees the files. */
    @Override
    public void close() throws IOException {
        List<SpooledPart> left;
        List<CompletableFuture<?>> unanswered;
        synchronized (files) {
            closed = true;
            left = List.copyOf(files);
            unanswered = List.copyOf(underWay);
            files.notifyAll();
        }
        unanswered.forEach(request -> request.cancel(true));
        question.end();
        IOException failure = null;
        for (SpooledPart part : left) {
            try {
                part.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
