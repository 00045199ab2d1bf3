package dev.bactrian.storage;

import dev.bactrian.backup.Explainer;
import dev.bactrian.backup.Problem;
import dev.bactrian.config.S3Settings;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3's errors mean (Amazon S3 API reference, "Error responses"). */
public final class S3Errors implements Explainer {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private final S3Settings settings;

    public S3Errors(S3Settings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Problem> explain(Throwable failure) {
        if (failure instanceof S3Exception answer) {
            return Optional.of(answered(answer));
        }
        // An error of the stream that was being sent comes wrapped in one of these: the cause below knows better.
        if (failure instanceof SdkClientException client && !(client.getCause() instanceof SdkException)) {
            return unreachable(client);
        }
        return Optional.empty();
    }

    private Problem answered(S3Exception answer) {
        String code =
                answer.awsErrorDetails() == null ? "" : answer.awsErrorDetails().errorCode();
        String said = "S3 answered " + answer.statusCode() + (code == null || code.isEmpty() ? "" : " " + code);
        if ("NoSuchBucket".equals(code) || answer.statusCode() == NOT_FOUND && "NoSuchKey".equals(code) == false) {
            return problem(
                    "The bucket " + settings.bucket() + " doesn't exist (" + said + ").",
                    "Create it, or correct S3_BUCKET, S3_REGION and S3_ENDPOINT.");
        }
        if (answer.statusCode() == FORBIDDEN) {
            return problem(
                    said + " for the bucket " + settings.bucket() + ": these credentials aren't allowed to do that.",
                    "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and allow s3:PutObject, s3:GetObject, "
                            + "s3:DeleteObject, s3:ListBucket, s3:ListBucketMultipartUploads and "
                            + "s3:AbortMultipartUpload on the bucket.");
        }
        // Completing an upload can fail after the server has begun its answer with 200.
        if (answer.statusCode() >= SERVER_ERROR || "InternalError".equals(code)) {
            return problem(
                    said + " again and again: the server has a fault of its own.",
                    "Look at the S3 server's state, then start the backup again.");
        }
        return problem(said + ".", "Run ./bactrian check for the bucket, then start the backup again.");
    }

    private Optional<Problem> unreachable(SdkClientException client) {
        Throwable cause = client;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (client.getMessage() != null && client.getMessage().contains("credentials")) {
            return Optional.of(problem(
                    "No S3 credentials were found.",
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role gives them."));
        }
        boolean network = cause instanceof java.net.SocketException
                || cause instanceof java.net.UnknownHostException
                || cause instanceof java.net.SocketTimeoutException
                || cause instanceof java.nio.channels.ClosedChannelException
                || cause instanceof java.util.concurrent.TimeoutException
                // What Netty's client makes of a connection that the server closed; a stream's own errors have a cause.
                || cause.getClass() == java.io.IOException.class && cause != client
                || cause.getClass().getName().startsWith("io.netty")
                || cause.getClass().getName().startsWith("org.apache.http");
        if (!network) {
            return Optional.empty();
        }
        return Optional.of(problem(
                "S3 can't be reached" + (settings.endpoint() == null ? "" : " at " + settings.endpoint())
                        + ", or the connection broke: " + cause.getClass().getSimpleName() + ".",
                "Check S3_ENDPOINT, S3_REGION and the network, then start the backup again."));
    }

    private static Problem problem(String cause, String remedy) {
        return new Problem(cause, Problem.NOTHING_STORED, remedy);
    }
}
