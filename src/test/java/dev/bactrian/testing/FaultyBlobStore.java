package dev.bactrian.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An S3 server's store that fails where a test's script says so. */
public final class FaultyBlobStore extends ForwardingBlobStore {

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
        DELETE_OBJECT
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        script.meet(Operation.PUT_OBJECT, content);
        return super.putBlob(request, content);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        script.meet(Operation.UPLOAD_PART, content);
        return super.uploadMultipartPart(upload, request, content);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        script.meet(Operation.COMPLETE_UPLOAD, InputStream.nullInputStream());
        return super.completeMultipartUpload(upload, request);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        script.meet(Operation.HEAD_OBJECT, InputStream.nullInputStream());
        return super.blobMetadata(request);
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        script.meet(Operation.DELETE_OBJECT, InputStream.nullInputStream());
        return super.removeBlob(request);
    }

    /** It encrypts nothing, but takes requests that ask for it. */
    @Override
    public boolean supportsServerSideEncryption() {
        return true;
    }

    /** The faults to come, each of which must happen. */
    public static final class Script {

        private final List<Fault> faults = new CopyOnWriteArrayList<>();
        private final Map<Operation, AtomicInteger> counts = new ConcurrentHashMap<>();
        private final Gate gate = new Gate();

        private record Fault(Operation operation, int status, String code, int times, AtomicInteger met) {}

        /** The next calls of an operation are refused. */
        public void fail(Operation operation, int status, String code, int times) {
            faults.add(new Fault(operation, status, code, times, new AtomicInteger()));
        }

        /** Every call of an operation is refused from now on. */
        public void failForGood(Operation operation, int status, String code) {
            fail(operation, status, code, Integer.MAX_VALUE);
        }

        /** Uploads of parts and objects wait until the gate is opened: holds a backup in the middle of its work. */
        public void holdUploads() {
            gate.close();
        }

        public void releaseUploads() {
            gate.open();
        }

        /** How often an operation was asked for, refused or not. */
        public int met(Operation operation) {
            return counts.getOrDefault(operation, new AtomicInteger()).get();
        }

        private void meet(Operation operation, InputStream content) {
            counts.computeIfAbsent(operation, key -> new AtomicInteger()).incrementAndGet();
            if (operation == Operation.PUT_OBJECT || operation == Operation.UPLOAD_PART) {
                gate.pass();
            }
            for (Fault fault : faults) {
                if (fault.operation() == operation && fault.met().get() < fault.times()) {
                    fault.met().incrementAndGet();
                    readToEnd(content);
                    throw S3Exception.builder()
                            .statusCode(fault.status())
                            .message("scripted fault")
                            .awsErrorDetails(AwsErrorDetails.builder()
                                    .errorCode(fault.code())
                                    .errorMessage("scripted fault")
                                    .build())
                            .build();
                }
            }
        }

        /** An answer before the end of a long request would reach the client as a broken connection. */
        private static void readToEnd(InputStream content) {
            try {
                content.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void requireAllMet() {
            for (Fault fault : faults) {
                boolean met = fault.times() == Integer.MAX_VALUE
                        ? fault.met().get() > 0
                        : fault.met().get() == fault.times();
                if (!met) {
                    throw new AssertionError("a scripted fault didn't happen as often as scripted: " + fault);
                }
            }
        }
    }
}
