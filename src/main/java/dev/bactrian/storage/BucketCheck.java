package dev.bactrian.storage;

import dev.bactrian.backup.CheckResult;
import dev.bactrian.backup.FailureReason;
import dev.bactrian.config.S3Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Looks whether the bucket takes, returns and deletes objects, by doing it with a small one. */
public final class BucketCheck {

    private final S3Settings settings;
    private final FailureReason reasons;

    public BucketCheck(S3Settings settings, FailureReason reasons) {
        this.settings = settings;
        this.reasons = reasons;
    }

    /** Write, ranged read and delete, one result each; the later ones are left out when writing fails. */
    public List<CheckResult> check() {
        String key = settings.prefix() + "/check-" + UUID.randomUUID();
        String subject = "bucket " + settings.bucket();
        List<CheckResult> results = new ArrayList<>();
        try (S3Client client = new S3Clients(settings).client()) {
            results.add(result(subject, "write", () -> {
                client.putObject(put -> put.bucket(settings.bucket()).key(key), RequestBody.fromString("0123456789"));
                return "an object under " + settings.prefix() + "/";
            }));
            if (!results.get(0).good()) {
                return results;
            }
            results.add(result(subject, "ranged read", () -> {
                ResponseBytes<GetObjectResponse> part = client.getObjectAsBytes(
                        get -> get.bucket(settings.bucket()).key(key).range("bytes=3-5"));
                if (!"345".equals(part.asUtf8String())) {
                    throw new IllegalStateException("the server ignored the range of a request");
                }
                return "3 bytes from the middle";
            }));
            results.add(result(subject, "delete", () -> {
                client.deleteObject(delete -> delete.bucket(settings.bucket()).key(key));
                return "the same object";
            }));
        }
        return results;
    }

    private CheckResult result(String subject, String name, Callable<String> check) {
        try {
            return CheckResult.good(subject, name, check.call());
        } catch (Exception e) {
            return CheckResult.bad(subject, name, reasons.explain(e, subject + ": " + name));
        }
    }
}
