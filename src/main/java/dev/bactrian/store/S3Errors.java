package dev.bactrian.store;

import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.ErrorTranslator;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.TlsFailure;
import dev.bactrian.support.Causes;
import dev.bactrian.support.Printable;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3's errors mean (Amazon S3 API reference, "Error responses"). */
public final class S3Errors implements ErrorTranslator {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST_MESSAGE = 300;

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

    @Override
    public boolean isOfStore() {
        return true;
    }

    private Problem answered(S3Exception answer) {
        String code = code(answer);
        String said = said(answer);
        String words = message(answer);
        if ("RequestTimeTooSkewed".equals(code)) {
            return problem(
                    said + ": this machine's clock and the S3 server's are more than 15 minutes apart." + words,
                    "Correct the wrong clock, with NTP, then try again.");
        }
        if (answer.statusCode() == NOT_FOUND && (code.isEmpty() || "NoSuchKey".equals(code))) {
            // The answer to a HEAD has no body that could say which of both it is; the SDK takes it for a missing
            // object.
            return problem(
                    said + ": the object was not found in the bucket " + settings.bucket() + ", or the bucket doesn't "
                            + "exist."
                            + words,
                    "Check the bucket: something other than Bactrian may have removed the object. Check S3_BUCKET, "
                            + "S3_REGION and S3_ENDPOINT.");
        }
        if ("NoSuchBucket".equals(code) || answer.statusCode() == NOT_FOUND) {
            return problem(
                    "The bucket " + settings.bucket() + " doesn't exist (" + said + ")." + words,
                    "Create it, or correct S3_BUCKET, S3_REGION and S3_ENDPOINT.");
        }
        if (answer.statusCode() == FORBIDDEN) {
            return problem(
                    said + " for the bucket " + settings.bucket() + ": these credentials aren't allowed to do that."
                            + words,
                    "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and allow s3:PutObject, s3:GetObject, "
                            + "s3:DeleteObject, s3:ListBucket, s3:ListBucketMultipartUploads and "
                            + "s3:AbortMultipartUpload on the bucket; without s3:ListBucket, S3 also answers 403 for "
                            + "an object that doesn't exist. ./bactrian check tries each of them.");
        }
        if (Throttling.isThrottled(answer)) {
            return problem(
                    said + " repeatedly, for longer than Bactrian waits: the server accepts fewer requests than it "
                            + "gets."
                            + words,
                    "Try again when the server is less busy; if several backups run at once, lower "
                            + "BACKUP_MAX_CONCURRENT.");
        }
        // Completing an upload can fail after the server has begun its answer with 200.
        if (answer.statusCode() >= SERVER_ERROR || "InternalError".equals(code)) {
            return problem(
                    said + " repeatedly: the server has an internal error." + words,
                    "Check the state of the S3 server, then try again.");
        }
        return problem(said + "." + words, "Run ./bactrian check for the bucket, then try again.");
    }

    /** Status and code. */
    static String said(S3Exception answer) {
        String code = code(answer);
        return "S3 answered " + answer.statusCode() + (code.isEmpty() ? "" : " " + code);
    }

    /** The server's own message as a sentence, after a space; empty where it has none. */
    static String message(S3Exception answer) {
        String text = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorMessage();
        if (text == null || text.isBlank() || "UnknownError".equals(text)) {
            return "";
        }
        String plain = Printable.line(text.replaceAll("\\s+", " ").strip());
        String cut = plain.length() > LONGEST_MESSAGE ? plain.substring(0, LONGEST_MESSAGE) + "…" : plain;
        return " The server says: " + cut + (cut.endsWith(".") ? "" : ".");
    }

    /** Whether the key is right, and what it may do is too little. */
    static boolean isPolicy(S3Exception answer) {
        String code = code(answer);
        return code.isEmpty()
                || "AccessDenied".equals(code)
                || "AllAccessDisabled".equals(code)
                || "Forbidden".equals(code);
    }

    private static String code(S3Exception answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    private Optional<Problem> unreachable(SdkClientException client) {
        Optional<TlsFailure> tls = TlsFailure.of(client);
        if (tls.isPresent()) {
            return Optional.of(problem(
                    "No TLS connection to the S3 server"
                            + (settings.endpoint() == null ? "" : " at " + settings.endpoint()) + ": "
                            + tls.get().text() + ".",
                    remedy(tls.get().kind())));
        }
        Throwable cause = Causes.innermost(client);
        if (client.getMessage() != null && client.getMessage().contains("credentials")) {
            return Optional.of(problem(
                    "No S3 credentials were found.",
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a machine whose role provides them."));
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
                "Check S3_ENDPOINT, S3_REGION and the network, then try again."));
    }

    private String remedy(TlsFailure.Kind kind) {
        return switch (kind) {
            case UNTRUSTED ->
                "Set S3_CA_FILE to a PEM file with the certificate of the authority that signed it, or with the server's own. "
                        + "Or: "
                        + kind.remedy();
            case OTHER_NAME ->
                "Set S3_ENDPOINT to a host name that the certificate has, or get a certificate for it."
                        + (settings.pathStyle()
                                ? ""
                                : " With S3_PATH_STYLE=true, the bucket's name isn't part of the host name.");
            case NO_TLS -> kind.remedy() + " S3_ENDPOINT says which.";
            default -> kind.remedy();
        };
    }

    private static Problem problem(String cause, String remedy) {
        return new Problem(cause, remedy);
    }
}
