package dev.bactrian.store;

import dev.bactrian.archive.StoredBytes;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.support.Crc32;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * What a bucket has already of an upload, copied there in parts (Amazon S3 API reference, "UploadPartCopy"). A copy is believed by
 * the CRC32 that the server tells of it alone; where it tells none, the bytes are fetched and sent.
 */
final class RangeCopies {

    private static final Logger LOG = LoggerFactory.getLogger(RangeCopies.class);

    /** S3's least for a part that isn't the last. */
    private static final long SMALLEST = 5L << 20;

    /** Copied by one request; a server that is silent meanwhile must be done before we hang up. */
    private static final long USUAL = 256L << 20;

    /** The first copy shows whether the server tells what it copied; if not, that was for nothing. */
    private static final long FIRST = 64L << 20;

    private static final int AT_ONCE = 8;
    private static final long FETCHED = 64L << 20;
    private static final int BUFFER = 1 << 16;
    private static final int MD5_HEX = 32;

    /** What servers answer that don't know the request. */
    private static final Set<Integer> CANT_COPY = Set.of(400, 405, 501);

    private final PartUpload upload;
    private final PartRequests requests;
    private final PartsUnderWay parts;
    private final PartSizes sizes;
    private final Runnable moved;
    private boolean possible;
    private boolean proven;

    RangeCopies(PartUpload upload, PartRequests requests, PartsUnderWay parts, PartSizes sizes, Runnable moved) {
        this.upload = upload;
        this.requests = requests;
        this.parts = parts;
        this.sizes = sizes;
        this.moved = moved;
        this.possible = requests.mayCopy() && !sizes.areEqual();
    }

    /** Whether the server can be asked to copy: it must know checksums, and parts of different sizes. */
    boolean arePossible() {
        return possible;
    }

    /** Whether, of a range that comes next, enough for a part is left when the one before it is long enough to be one. */
    boolean isWorthwhile(StoredRange range) {
        // Each costs a part, of which there are so many.
        return range.length() - head()
                >= Math.max(
                        SMALLEST,
                        sizes.next(upload.sent().bytes(), upload.sent().count()));
    }

    /** Bytes that the part before it lacks. */
    private long head() {
        return upload.waiting() == 0 ? 0 : Math.max(0, SMALLEST - upload.waiting());
    }

    /**
     * Adds a range: its beginning to the part that is being written, if that is too short for one of its own, and copies of the rest.
     *
     * @throws dev.bactrian.problem.ProblemException when the bucket has other bytes there
     */
    void add(StoredRange range) throws IOException, InterruptedException, ExecutionException {
        long head = head();
        long crc = fetch(range, 0, head);
        upload.endPart();
        long done = head;
        while (done < range.length() && possible) {
            List<Copied> copied = copy(range, done);
            for (Copied piece : copied) {
                crc = Crc32.combine(crc, piece.crc(), piece.length());
                done += piece.length();
            }
        }
        crc = Crc32.combine(crc, fetch(range, done, range.length() - done), range.length() - done);
        if (crc != range.crc32()) {
            throw StoredBytes.changed(range);
        }
    }

    /** Gets bytes of the range, and adds them as any others; their CRC-32. */
    private long fetch(StoredRange range, long from, long length)
            throws IOException, InterruptedException, ExecutionException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER];
        for (long done = 0; done < length; ) {
            long wanted = Math.min(FETCHED, length - done);
            try (InputStream in = parts.await(requests.read(range.key(), range.offset() + from + done, wanted))) {
                for (long left = wanted; left > 0; ) {
                    int count = in.read(buffer, 0, (int) Math.min(BUFFER, left));
                    if (count < 0) {
                        throw StoredBytes.changed(range);
                    }
                    crc.update(buffer, 0, count);
                    upload.write(buffer, count);
                    moved.run();
                    left -= count;
                }
            }
            done += wanted;
        }
        return crc.getValue();
    }

    private record Copied(long length, long crc) {}

    /** The next few pieces, one after the other in the object; none where the server doesn't tell what it has copied. */
    private List<Copied> copy(StoredRange range, long from) throws InterruptedException, ExecutionException {
        List<Long> lengths = lengths(range.length() - from);
        String id = upload.upload();
        int number = upload.sent().count();
        List<CompletableFuture<UploadPartCopyResponse>> answers = new ArrayList<>();
        long at = range.offset() + from;
        for (long length : lengths) {
            answers.add(requests.copy(id, ++number, range.key(), at, at + length - 1));
            at += length;
        }
        List<Copied> copied = new ArrayList<>();
        try {
            for (int i = 0; i < lengths.size(); i++) {
                CopyPartResult result = parts.await(answers.get(i)).copyPartResult();
                moved.run();
                Long crc = crc(result);
                if (crc == null) {
                    // What is sent next takes the number of this one.
                    giveUp("doesn't say what it has copied");
                    return List.of();
                }
                proven = true;
                copied.add(new Copied(lengths.get(i), crc));
                int own = upload.add(new SentParts.Part(lengths.get(i), md5(result.eTag()), crc));
                upload.stored(own, result.eTag(), result.checksumCRC32());
            }
        } catch (ExecutionException e) {
            if (proven || !(e.getCause() instanceof S3Exception refusal) || !CANT_COPY.contains(refusal.statusCode())) {
                throw e;
            }
            giveUp("can't copy parts (" + S3Errors.said(refusal) + ")");
        } finally {
            answers.forEach(answer -> answer.cancel(true));
        }
        return copied;
    }

    private void giveUp(String why) {
        possible = false;
        requests.cannotCopy();
        LOG.info("The S3 server {}: what it has already is fetched and sent", why);
    }

    /** Of the pieces that are copied at once: as even as can be, so that none is too short. */
    private List<Long> lengths(long rest) {
        if (!proven) {
            return List.of(rest < FIRST + SMALLEST ? rest : FIRST);
        }
        long usual =
                Math.max(USUAL, sizes.next(upload.sent().bytes(), upload.sent().count()));
        long count = PartSizes.quotient(rest, usual);
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < Math.min(count, AT_ONCE); i++) {
            lengths.add(rest / count);
        }
        if (count <= AT_ONCE) {
            lengths.set(lengths.size() - 1, rest - rest / count * (count - 1));
        }
        return lengths;
    }

    private static @Nullable Long crc(@Nullable CopyPartResult result) {
        if (result == null || result.checksumCRC32() == null) {
            return null;
        }
        byte[] bytes = Base64.getDecoder().decode(result.checksumCRC32());
        return bytes.length == Integer.BYTES
                ? Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
                : null;
    }

    /** A server may have other ETags than MD5: then it can't be compared by these at the end. */
    private static byte @Nullable [] md5(String eTag) {
        String plain = eTag.replace("\"", "");
        return plain.length() == MD5_HEX && plain.matches("[0-9a-f]+")
                ? HexFormat.of().parseHex(plain)
                : null;
    }
}
