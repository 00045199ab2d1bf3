package dev.bactrian.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Parts of one upload that are written or sent, and the requests that are open for it. The first failure ends all. */
final class PartsUnderWay implements AutoCloseable {

    private final PartRoom room;
    private final Path folder;
    private final Consumer<Throwable> failed;
    private final Set<CompletableFuture<?>> requests = new HashSet<>();
    private final Set<SpooledPart> files = new HashSet<>();
    private final OpenQuestion question = new OpenQuestion();
    private boolean closed;

    /**
     * Prepares.
     *
     * @param folder for the parts that wait
     * @param failed told at once of a part that the server refuses for good
     */
    PartsUnderWay(PartRoom room, Path folder, Consumer<Throwable> failed) {
        this.room = room;
        this.folder = folder;
        this.failed = failed;
    }

    /** A part to be written, as soon as there is room for it. */
    SpooledPart begin(int number, long size) throws IOException, InterruptedException {
        synchronized (files) {
            while (files.size() >= room.parts(size)) {
                refuseWhenClosed();
                files.wait();
            }
            refuseWhenClosed();
            SpooledPart part = new SpooledPart(folder.resolve("part-" + number), size);
            files.add(part);
            return part;
        }
    }

    /** Asks what has to be answered before anything else is done. */
    <T> T ask(Supplier<CompletableFuture<T>> request) throws InterruptedException, ExecutionException {
        CompletableFuture<T> sent;
        synchronized (files) {
            refuseWhenClosed();
            sent = question.is(request.get());
        }
        return sent.get();
    }

    /** The answer to a request that ends with this. */
    <T> T await(CompletableFuture<T> request) throws InterruptedException, ExecutionException {
        try {
            add(request);
            return request.get();
        } finally {
            synchronized (files) {
                requests.remove(request);
            }
        }
    }

    private void add(CompletableFuture<?> request) {
        synchronized (files) {
            requests.add(request);
            if (closed) {
                request.cancel(true);
            }
        }
    }

    /** Keeps an eye on a request: at its end its part goes, and a failure is reported. */
    <T> void follow(SpooledPart part, CompletableFuture<T> request, Consumer<T> answered) {
        add(request);
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
                requests.remove(request);
                files.notifyAll();
            }
        });
    }

    void awaitAll() throws InterruptedException {
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

    /** Ends what is under way, and frees the files. */
    @Override
    public void close() throws IOException {
        List<SpooledPart> left;
        List<CompletableFuture<?>> unanswered;
        synchronized (files) {
            closed = true;
            left = List.copyOf(files);
            unanswered = List.copyOf(requests);
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
