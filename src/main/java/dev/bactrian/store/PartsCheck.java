package dev.bactrian.store;

import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Checks what uploads in parts ask of a bucket; a part of {@link BucketCheck}. */
final class PartsCheck {

    private final S3Settings settings;
    private final S3Client client;
    private final BucketResults results;

    PartsCheck(S3Settings settings, S3Client client, BucketResults results) {
        this.settings = settings;
        this.client = client;
        this.results = results;
    }

    /** An upload in parts under that key, up to its end; none stays. */
    void check(String key) {
        String[] upload = new String[1];
        results.add("upload in parts", "s3:PutObject", "large archives are stored this way", () -> {
            upload[0] = client.createMultipartUpload(
                            create -> create.bucket(settings.bucket()).key(key))
                    .uploadId();
            client.uploadPart(
                    part -> part.bucket(settings.bucket())
                            .key(key)
                            .uploadId(upload[0])
                            .partNumber(1),
                    RequestBody.fromString("0123456789"));
            return "begun, with one part";
        });
        results.add(
                "list of unfinished uploads",
                "s3:ListBucketMultipartUploads",
                "the leftovers of failed backups are found with it, and no archive is deleted without it",
                () -> {
                    client.listMultipartUploads(
                            list -> list.bucket(settings.bucket()).prefix(key));
                    return "under " + settings.prefix() + "/";
                });
        if (upload[0] != null) {
            results.add(
                    "end of an unfinished upload",
                    "s3:AbortMultipartUpload",
                    "the parts of a failed backup would stay, and be billed",
                    () -> {
                        client.abortMultipartUpload(abort ->
                                abort.bucket(settings.bucket()).key(key).uploadId(upload[0]));
                        return "the one that was begun";
                    });
        }
        results.add("parts of different sizes", "s3:PutObject", "large archives are stored this way", this::sizes);
        results.good("largest archive", Units.readable(settings.limits().largestObject()));
    }

    private String sizes() {
        if (settings.limits().equalParts()) {
            return "not tried, since all parts have one size (S3_EQUAL_PARTS)";
        }
        if (settings.endpoint() == null) {
            // 10 MiB are much where the network is slow and a caller waits.
            return "not tried: Amazon S3 accepts them";
        }
        if (new UnequalParts(client, settings.bucket(), settings.prefix()).refused()) {
            throw new ProblemException(UnequalParts.problem("The server refused them."), null);
        }
        return "accepted";
    }
}
