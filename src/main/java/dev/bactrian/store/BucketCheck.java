package dev.bactrian.store;

import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Checks whether the bucket does what backups, restores, {@code latest/} and retention ask of it, by doing it with small
 * objects. What a policy has to allow is Amazon's ("Actions, resources, and condition keys for Amazon S3").
 */
public final class BucketCheck {

    /** S3 refuses requests whose time is further from its own. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private final S3Settings settings;
    private final ErrorTranslators translators;
    private final String subject;
    private final BucketResults results;
    private final boolean copiesParts;

    /**
     * Prepares.
     *
     * @param copiesParts whether backups copy unchanged tables from earlier archives
     */
    public BucketCheck(S3Settings settings, ErrorTranslators translators, boolean copiesParts) {
        this.settings = settings;
        this.copiesParts = copiesParts;
        this.translators = translators;
        this.subject = "bucket " + settings.bucket();
        this.results = new BucketResults(subject, translators);
    }

    /** One result for each thing that is asked of a bucket; the later ones are left out when writing fails. */
    public List<CheckResult> check() {
        String key = settings.prefix() + "/check-" + UUID.randomUUID();
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client()) {
            if (write(client, key)) {
                options(client, key);
                read(client, key);
                listing(client, key);
                copy(client, key);
                new PartsCheck(settings, client, results).check(key + "-parts");
                if (copiesParts) {
                    results.add(
                            "copies of parts",
                            "s3:PutObject",
                            "unchanged tables are copied this way",
                            () -> new CopiedParts(client, settings.bucket())
                                    .told(
                                            settings.prefix(),
                                            settings.limits().equalParts(),
                                            !settings.checksumsWhenRequired()));
                }
                content(client);
                results.add(
                        "delete", "s3:DeleteObject", "retention and the cleanup after failed backups need it", () -> {
                            client.deleteObject(
                                    delete -> delete.bucket(settings.bucket()).key(key));
                            return "the same object";
                        });
            }
            clock(clients.clock());
        }
        return results.all();
    }

    private boolean write(S3Client client, String key) {
        try {
            put(client, key);
            results.add(CheckResult.good(subject, "write", "an object under " + settings.prefix() + "/"));
            return true;
        } catch (S3Exception e) {
            Problem options = RefusedOptions.isLikely(e)
                    ? new RefusedOptions(settings).problem(e).orElse(null)
                    : null;
            if (options != null) {
                results.add(CheckResult.bad(subject, "write", options));
            } else {
                results.denied("write", "s3:PutObject", "every backup needs it", e);
            }
        } catch (SdkException e) {
            results.add(CheckResult.bad(subject, "write", translators.explain(e, subject + ": write")));
        }
        return false;
    }

    private void options(S3Client client, String key) {
        KeptOptions options = new KeptOptions(settings, client);
        HeadObjectResponse[] told = new HeadObjectResponse[1];
        results.add("size of an object", "s3:GetObject", "every backup compares what was stored", () -> {
            told[0] = options.head(key);
            return told[0].contentLength() + " bytes, as written";
        });
        if (told[0] != null && options.any()) {
            results.add("encryption and storage class", "s3:GetObject", "every backup compares them", () -> {
                List<String> ignored = options.ignored(told[0]);
                if (!ignored.isEmpty()) {
                    throw new BucketResults.Unlike(KeptOptions.text(key, ignored));
                }
                return "as the settings ask for";
            });
        }
    }

    private void read(S3Client client, String key) {
        results.add("ranged read", "s3:GetObject", "restores and verifications need it", () -> {
            ResponseBytes<GetObjectResponse> part = client.getObjectAsBytes(
                    get -> get.bucket(settings.bucket()).key(key).range("bytes=3-5"));
            if (!"345".equals(part.asUtf8String())) {
                throw new IllegalStateException("the server ignored the range of a request");
            }
            return "3 bytes from the middle";
        });
        results.add(
                "object that doesn't exist",
                "s3:ListBucket",
                "without it, S3 answers 403 for an object that doesn't exist; then nothing is written to latest/ and "
                        + "no old backup is deleted",
                () -> {
                    try {
                        client.getObjectAsBytes(
                                get -> get.bucket(settings.bucket()).key(key + "-not-there"));
                    } catch (NoSuchKeyException e) {
                        return "answered by 404 NoSuchKey";
                    }
                    throw new IllegalStateException("the server has an object that was never written");
                });
    }

    private void listing(S3Client client, String key) {
        results.add("list", "s3:ListBucket", "retention, latest/ and restores without a history need it", () -> {
            boolean listed =
                    client.listObjectsV2(list -> list.bucket(settings.bucket()).prefix(key)).contents().stream()
                            .anyMatch(object -> key.equals(object.key()));
            if (!listed) {
                throw new IllegalStateException("the server's list leaves out an existing object");
            }
            return "the written object is in it";
        });
    }

    private void copy(S3Client client, String key) {
        if (!settings.copiesLatest()) {
            return;
        }
        String copy = key + "-copy";
        results.add(
                "copy",
                "s3:GetObject, s3:PutObject and, for objects with tags, s3:GetObjectTagging and s3:PutObjectTagging",
                "the copy under latest/ needs them; S3_LATEST=pointer doesn't",
                () -> {
                    client.copyObject(request -> request.sourceBucket(settings.bucket())
                            .sourceKey(key)
                            .destinationBucket(settings.bucket())
                            .destinationKey(copy));
                    client.deleteObject(
                            delete -> delete.bucket(settings.bucket()).key(copy));
                    return "within the bucket";
                });
    }

    private void content(S3Client client) {
        results.add(
                "comparison of what is stored",
                "s3:PutObject, s3:GetObject",
                "every backup compares what the store has with what was sent",
                () -> {
                    ETagProbe.Means means = new ETagProbe(client, settings.bucket(), settings.prefix()).find();
                    return "by " + means.words()
                            + (means == ETagProbe.Means.NONE
                                    ? ". BACKUP_READ_BACK=true reads each archive once and compares it; without it, a "
                                            + "byte that changes on the way isn't detected until a verification or a "
                                            + "restore"
                                    : "");
                });
    }

    private void clock(ServerClock clock) {
        Duration offset = clock.offset();
        if (offset == null) {
            return;
        }
        Duration apart = offset.abs().truncatedTo(ChronoUnit.SECONDS);
        String text = "this machine's clock is "
                + (apart.compareTo(Duration.ofMinutes(1)) < 0
                        ? "the server's"
                        : apart.toMinutes() + " min " + (offset.isNegative() ? "ahead of" : "behind")
                                + " the server's");
        results.add(
                apart.compareTo(MOST_SKEW) <= 0
                        ? CheckResult.good(subject, "clock", text)
                        : new CheckResult(
                                subject,
                                "clock",
                                false,
                                text
                                        + ". Backups and links still work, because Bactrian signs by the server's "
                                        + "clock; schedules and the names of archives use this machine's.",
                                "Correct the wrong clock, with NTP."));
    }

    private void put(S3Client client, String key) {
        client.putObject(put -> put.bucket(settings.bucket()).key(key), RequestBody.fromString("0123456789"));
    }
}
