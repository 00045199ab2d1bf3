package dev.bactrian.store;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingName;
import dev.bactrian.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Compares what the store says of an object (Amazon S3 API reference, "HeadObject") with what the settings ask for: servers
 * exist that take a request for encryption, ignore it, and answer 200.
 */
final class KeptOptions {

    /** HEAD names no class for objects of this one. */
    private static final String STANDARD = "STANDARD";

    private final S3Settings settings;
    private final S3Client client;

    KeptOptions(S3Settings settings, S3Client client) {
        this.settings = settings;
        this.client = client;
    }

    /**
     * An object that was stored in another way than asked for is removed.
     *
     * @throws ProblemException when it was; its text names the setting
     */
    void confirm(String key) {
        if (!any()) {
            return;
        }
        List<String> ignored = ignored(head(key));
        if (!ignored.isEmpty()) {
            ProblemException failure = ProblemException.stopped(text(key, ignored), REMEDY);
            try {
                client.deleteObject(delete -> delete.bucket(settings.bucket()).key(key));
            } catch (SdkException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
    }

    static final String REMEDY =
            "Set S3_SSE=none, or remove the named setting, if the server's default storage is good enough; "
                    + "BACKUP_ENCRYPT_TO encrypts archives before they are sent, to any server.";

    static String text(String key, List<String> ignored) {
        return "The S3 server ignored what was requested " + key + ": " + String.join("; ", ignored) + ".";
    }

    /** Whether the settings ask for anything that the server tells. */
    boolean any() {
        return settings.objects().encryption() != null || settings.objects().storageClass() != null;
    }

    HeadObjectResponse head(String key) {
        return client.headObject(head -> head.bucket(settings.bucket()).key(key));
    }

    /** What differs, each with its setting; tags aren't told. */
    List<String> ignored(HeadObjectResponse told) {
        S3ObjectSettings asked = settings.objects();
        List<String> ignored = new ArrayList<>();
        if (asked.encryption() != null && !asked.encryption().equals(told.serverSideEncryptionAsString())) {
            ignored.add(SettingName.S3_SSE + " is " + asked.encryption() + ", but the server reports "
                    + (told.serverSideEncryptionAsString() == null
                            ? "no encryption"
                            : told.serverSideEncryptionAsString()));
        } else if (asked.kmsKey() != null && !isSameKey(asked.kmsKey(), told.ssekmsKeyId())) {
            ignored.add(SettingName.S3_SSE_KMS_KEY_ID + " is " + asked.kmsKey() + ", but the server reports "
                    + (told.ssekmsKeyId() == null ? "no key" : told.ssekmsKeyId()));
        }
        String storageClass = told.storageClassAsString();
        if (storageClass == null && settings.endpoint() == null) {
            storageClass = STANDARD;
        }
        if (asked.storageClass() != null
                && storageClass != null
                && !asked.storageClass().equals(storageClass)) {
            ignored.add(SettingName.S3_STORAGE_CLASS + " is " + asked.storageClass() + ", but the server reports "
                    + storageClass);
        }
        return ignored;
    }

    /** The server tells the key's ARN; it can be asked for by that, by its id alone, or by an alias, which no answer names. */
    private static boolean isSameKey(String asked, @Nullable String told) {
        return told != null
                && (asked.equals(told)
                        || asked.matches("(arn:.*:)?alias/.*")
                        || told.endsWith("/" + asked)
                        || asked.endsWith("/" + told));
    }
}
