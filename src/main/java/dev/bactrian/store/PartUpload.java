package dev.bactrian.store;

import dev.bactrian.archive.Spliced;
import dev.bactrian.archive.StoredRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object on its way into a bucket, in parts that wait in files until they are stored. What fits into one part is stored by one
 * request. What the bucket has already is copied inside it where that can be done. Any failure leaves the caller to {@link #close}
 * and {@link #abort}.
 */
final class PartUpload implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final PartRequests requests;
    private final PartSizes sizes;
    private final Runnable moved;
    private final PartsUnderWay parts;
    private final RangeCopies copies;
    private final SentParts sent = new SentParts();
    private final List<@Nullable CompletedPart> stored = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable String id;
    private volatile boolean completing;
    private @Nullable SpooledPart part;

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
        this.moved = moved;
        this.parts = new PartsUnderWay(room, folder, failed);
        this.copies = new RangeCopies(this, requests, parts, sizes, moved);
    }

    /** What was read of the stream. */
    SentParts sent() {
        return sent;
    }

    /** Reads the stream to its end, and stores it. For one thread, which may be interrupted. */
    void send(InputStream content) throws IOException, InterruptedException, ExecutionException {
        byte[] buffer = new byte[BUFFER];
        while (true) {
            StoredRange range = content instanceof Spliced spliced && copies.arePossible() ? spliced.range() : null;
            if (range != null && copies.isWorthwhile(range)) {
                ((Spliced) content).pass(range);
                copies.add(range);
                continue;
            }
            int count = content.read(buffer, 0, BUFFER);
            if (count < 0) {
                break;
            }
            write(buffer, count);
        }
        String upload = id;
        if (upload == null) {
            put(part == null ? begin() : part);
            return;
        }
        endPart();
        parts.awaitAll();
        completing = true;
        parts.ask(() -> requests.complete(upload, completed(), sent.bytes()));
    }

    /** A server that told the checksums of some parts alone wants none. */
    private List<CompletedPart> completed() {
        List<CompletedPart> all = List.copyOf(stored);
        return all.stream().allMatch(part -> part.checksumCRC32() != null)
                ? all
                : all.stream()
                        .map(part -> part.toBuilder().checksumCRC32(null).build())
                        .toList();
    }

    /** Whether all parts were stored, and the server was asked to make one object of them. */
    boolean isCompleting() {
        return completing;
    }

    void write(byte[] bytes, int count) throws IOException, InterruptedException, ExecutionException {
        int from = 0;
        while (from < count) {
            if (part != null && part.isFull()) {
                endPart();
            }
            if (part == null) {
                part = begin();
            }
            from += part.write(bytes, from, count - from);
        }
        if (part != null && part.isFull() && id != null) {
            // Only the first waits for more: if nothing comes, it is the whole object.
            endPart();
        }
    }

    /** Bytes of the part that is being written. */
    long waiting() {
        return part == null ? 0 : part.size();
    }

    private SpooledPart begin() throws IOException, InterruptedException {
        return parts.begin(sent.count() + 1, sizes.next(sent.bytes(), sent.count()));
    }

    private void put(SpooledPart only) throws InterruptedException {
        sent.add(only.end());
        parts.follow(only, requests.put(only, moved), answer -> {});
        parts.awaitAll();
    }

    /** The number that the server gave the upload, which begins with this if it hasn't. */
    String upload() throws InterruptedException, ExecutionException {
        String upload = id;
        if (upload == null) {
            upload = parts.ask(() -> requests.create().thenApply(number -> {
                id = number;
                return number;
            }));
        }
        return upload;
    }

    /** Sends what was written, where there is something. */
    void endPart() throws InterruptedException, ExecutionException {
        SpooledPart ended = part;
        if (ended == null) {
            return;
        }
        part = null;
        String upload = upload();
        int number = add(ended.end());
        parts.follow(
                ended,
                requests.send(upload, number, ended, moved),
                answer -> stored(number, answer.eTag(), answer.checksumCRC32()));
    }

    /** Counts a part; its number. */
    int add(SentParts.Part next) {
        sent.add(next);
        stored.add(null);
        return sent.count();
    }

    /** The server has it. */
    void stored(int number, String eTag, @Nullable String checksum) {
        stored.set(
                number - 1,
                CompletedPart.builder()
                        .partNumber(number)
                        .eTag(eTag)
                        .checksumCRC32(checksum)
                        .build());
    }

    /** Asks the server to end what was begun and not completed; false where that has no number here, or it isn't known to be ended. */
    boolean abort() {
        String begun = id;
        return begun != null && requests.abort(begun);
    }

    /** Ends what is under way, and frees the files. */
    @Override
    public void close() throws IOException {
        parts.close();
    }
}
