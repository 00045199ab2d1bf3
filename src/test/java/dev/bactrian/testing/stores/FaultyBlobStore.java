package dev.bactrian.testing.stores;

import dev.bactrian.testing.servers.Gate;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An S3 server's store that fails where a test's script says so. */
public final class FaultyBlobStore extends ForwardingBlobStore {

    private static final int INTERNAL_ERROR = 500;

    private static final String STUB = ".s3proxy-mpu-stub-";

    private final Script script;

    FaultyBlobStore(BlobStore store, Script script) {
        super(store);
        this.script = script;
    }

    /** What a fault can hit. */
    public enum Operation {
        PUT_OBJECT,
        UPLOAD_PART,
        COMPLETE_UPLOAD,
        HEAD_OBJECT,
        DELETE_OBJECT,
        GET_OBJECT,
        LIST_OBJECTS
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        if (request.key().startsWith(STUB)) {
            // The server's own: without it, it would list an upload and not know it when it is ended.
            return super.putBlob(request, content);
        }
        script.meet(Operation.PUT_OBJECT, content);
        PutObjectResponse stored = super.putBlob(request, script.damaged(request.key(), content));
        script.answer(request.key());
        return script.answered(Operation.PUT_OBJECT, stored);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        script.meet(Operation.UPLOAD_PART, content);
        return script.answered(
                Operation.UPLOAD_PART,
                super.uploadMultipartPart(upload, request, script.damaged(request.key(), content)));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        script.meet(Operation.COMPLETE_UPLOAD, InputStream.nullInputStream());
        return script.answered(Operation.COMPLETE_UPLOAD, super.completeMultipartUpload(upload, request));
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        script.meet(Operation.HEAD_OBJECT, InputStream.nullInputStream());
        script.reach(Operation.HEAD_OBJECT, request.key());
        HeadObjectResponse told = super.blobMetadata(request);
        return script.oddETags
                ? told.toBuilder().eTag("\"0123456789abcdef0123456789abcdef\"").build()
                : told;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        script.meet(Operation.DELETE_OBJECT, InputStream.nullInputStream());
        script.reach(Operation.DELETE_OBJECT, request.key());
        return script.answered(Operation.DELETE_OBJECT, super.removeBlob(request));
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        script.meet(Operation.GET_OBJECT, InputStream.nullInputStream());
        return script.damaged(request, super.getBlob(request));
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        script.meet(Operation.LIST_OBJECTS, InputStream.nullInputStream());
        return super.list(request);
    }

    /** It encrypts nothing, but takes requests that ask for it. */
    @Override
    public boolean supportsServerSideEncryption() {
        return true;
    }

    /** The faults to come, each of which must happen. */
    public static final class Script {

        private final List<Fault> faults = new CopyOnWriteArrayList<>();
        private final List<Damage> damages = new CopyOnWriteArrayList<>();
        private final Map<Operation, AtomicInteger> counts = new ConcurrentHashMap<>();
        private final Gate gate = new Gate();
        private final AtomicInteger held = new AtomicInteger();
        private final List<Moment> moments = new CopyOnWriteArrayList<>();
        private final AtomicInteger toDamage = new AtomicInteger();
        private volatile String ofDamage = "";
        private volatile Predicate<String> unanswered = key -> false;
        private volatile Runnable whenUnanswered = () -> {};
        private volatile boolean oddETags;

        /** @param after whether what was asked for is done, and only the answer is another */
        private record Fault(
                Operation operation, int status, String code, int times, boolean after, AtomicInteger met) {

            boolean hits(Operation asked, boolean done) {
                return operation == asked && after == done && met.getAndUpdate(n -> n < times ? n + 1 : n) < times;
            }
        }

        /** @param at the byte whose bits are turned round, by the length of the answer */
        private record Damage(Predicate<GetObjectRequest> which, LongUnaryOperator at, int times, AtomicInteger met) {}

        /** The next calls of an operation are refused. */
        public void fail(Operation operation, int status, String code, int times) {
            faults.add(new Fault(operation, status, code, times, false, new AtomicInteger()));
        }

        /** Every call of an operation is refused from now on. */
        public void failForGood(Operation operation, int status, String code) {
            fail(operation, status, code, Integer.MAX_VALUE);
        }

        /** The next calls do what they are asked for, and say that they haven't. */
        public void failAfterwards(Operation operation, int status, String code, int times) {
            faults.add(new Fault(operation, status, code, times, true, new AtomicInteger()));
        }

        /** What was scripted no longer happens, whether it did or not. */
        public void clear() {
            faults.clear();
            damages.clear();
        }

        /** One byte of the next answers is another than the one that is stored; by its place in the answer's length. */
        public void damage(Predicate<GetObjectRequest> which, LongUnaryOperator at, int times) {
            damages.add(new Damage(which, at, times, new AtomicInteger()));
        }

        /** Uploads of parts and objects wait until the gate is opened: holds a backup in the middle of its work. */
        public void holdUploads() {
            gate.close();
        }

        public void releaseUploads() {
            gate.open();
        }

        /** How many uploads had to wait at the gate. */
        public int held() {
            return held.get();
        }

        /** Changes a byte in each of the next contents that are sent for keys that end so, and notices nothing, as some servers do. */
        public void damage(String keyEnd, int contents) {
            ofDamage = keyEnd;
            toDamage.set(contents);
        }

        /** From now on ETags are no MD5, as those of objects that are encrypted with a key of KMS. */
        public void makeETagsOdd(boolean odd) {
            oddETags = odd;
        }

        /** Objects of such keys are stored, and then 500 is answered. */
        public void storeWithoutAnswer(Predicate<String> keys, Runnable before) {
            whenUnanswered = before;
            unanswered = keys;
        }

        /** Something that happens once, before the first such operation on a key that begins so is done. */
        public void when(Operation operation, String prefix, Runnable action) {
            moments.add(new Moment(operation, prefix, action));
        }

        private record Moment(Operation operation, String prefix, Runnable action) {}

        private InputStream damaged(String key, InputStream content) {
            if (!key.endsWith(ofDamage) || toDamage.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                return content;
            }
            return new FilterInputStream(content) {
                private boolean done;

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    if (count > 0 && !done) {
                        bytes[offset + count / 2] ^= 1;
                        done = true;
                    }
                    return count;
                }

                @Override
                public int read() throws IOException {
                    int one = super.read();
                    boolean change = one >= 0 && !done;
                    done |= change;
                    return change ? one ^ 1 : one;
                }
            };
        }

        private void answer(String key) {
            if (unanswered.test(key)) {
                whenUnanswered.run();
                throw refusal(INTERNAL_ERROR, "InternalError");
            }
        }

        private void reach(Operation operation, String key) {
            for (Moment moment : moments) {
                if (moment.operation() == operation && key.startsWith(moment.prefix()) && moments.remove(moment)) {
                    moment.action().run();
                }
            }
        }

        /** How often an operation was asked for, refused or not. */
        public int met(Operation operation) {
            return counts.getOrDefault(operation, new AtomicInteger()).get();
        }

        private void meet(Operation operation, InputStream content) {
            counts.computeIfAbsent(operation, key -> new AtomicInteger()).incrementAndGet();
            if (operation == Operation.PUT_OBJECT || operation == Operation.UPLOAD_PART) {
                held.addAndGet(gate.isOpen() ? 0 : 1);
                gate.pass();
            }
            for (Fault fault : faults) {
                if (fault.hits(operation, false)) {
                    readToEnd(content);
                    throw refusal(fault.status(), fault.code());
                }
            }
        }

        private <T> T answered(Operation operation, T answer) {
            for (Fault fault : faults) {
                if (fault.hits(operation, true)) {
                    throw refusal(fault.status(), fault.code());
                }
            }
            return answer;
        }

        private static S3Exception refusal(int status, String code) {
            return (S3Exception) S3Exception.builder()
                    .statusCode(status)
                    .message("scripted fault")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(code)
                            .errorMessage("scripted fault")
                            .build())
                    .build();
        }

        private ResponseInputStream<GetObjectResponse> damaged(
                GetObjectRequest request, ResponseInputStream<GetObjectResponse> answer) {
            for (Damage damage : damages) {
                if (damage.which().test(request)
                        && damage.met().getAndUpdate(n -> n < damage.times() ? n + 1 : n) < damage.times()) {
                    long at = damage.at().applyAsLong(answer.response().contentLength());
                    return new ResponseInputStream<>(
                            answer.response(), AbortableInputStream.create(new Flipped(answer, at)));
                }
            }
            return answer;
        }

        /** An answer before the end of a long request would reach the client as a broken connection. */
        private static void readToEnd(InputStream content) {
            try {
                content.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** How often something scripted has happened since the beginning or {@link #clear}. */
        public int struck() {
            return faults.stream().mapToInt(fault -> fault.met().get()).sum()
                    + damages.stream().mapToInt(damage -> damage.met().get()).sum();
        }

        /** Fails unless everything scripted has happened. */
        public void requireMet() {
            faults.forEach(fault -> requireMet(fault, fault.times(), fault.met().get()));
            damages.forEach(
                    damage -> requireMet(damage, damage.times(), damage.met().get()));
        }

        private static void requireMet(Object fault, int times, int met) {
            if (times == Integer.MAX_VALUE ? met == 0 : met != times) {
                throw new AssertionError("a scripted fault didn't happen as often as scripted: " + fault);
            }
        }
    }

    /** A stream of which one byte comes otherwise. */
    private static final class Flipped extends FilterInputStream {

        private final long at;
        private long position;

        Flipped(InputStream in, long at) {
            super(in);
            this.at = at;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0 && at >= position && at < position + count) {
                bytes[offset + (int) (at - position)] ^= 0x55;
            }
            position += Math.max(0, count);
            return count;
        }
    }
}
