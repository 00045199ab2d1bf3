package dev.bactrian.store;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingName;
import dev.bactrian.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds out which settings a server refuses objects for, by storing a small one with each of them alone: every server has
 * words of its own for that, and some have none.
 */
final class RefusedOptions {

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Settings settings;

    RefusedOptions(S3Settings settings) {
        this.settings = settings;
    }

    /** Whether options may be the reason: what the server was asked for it didn't do, and won't. */
    static boolean isLikely(S3Exception refusal) {
        int status = refusal.statusCode();
        return status == NOT_IMPLEMENTED
                || (status >= BAD_REQUEST && status < SERVER_ERROR && status != UNAUTHORIZED && status != NOT_FOUND);
    }

    /** What to tell of a refusal; nothing when none of the options is its reason. */
    Optional<Problem> problem(SdkException refusal) {
        List<String> settingsToChange = find();
        if (settingsToChange.isEmpty()) {
            return Optional.empty();
        }
        boolean forbidden = refusal instanceof S3Exception answer && answer.statusCode() == FORBIDDEN;
        String said = refusal instanceof S3Exception answer
                ? S3Errors.said(answer) + "." + S3Errors.message(answer)
                : "The S3 server broke the connection.";
        return Optional.of(new Problem(
                said + " It accepts objects without what these settings request: "
                        + settingsToChange.stream()
                                .map(setting -> setting.split("[= ]", 2)[0])
                                .collect(Collectors.joining(", "))
                        + ".",
                "Set " + String.join(", and ", settingsToChange)
                        + (forbidden
                                ? ", or allow it: s3:PutObjectTagging for tags, kms:GenerateDataKey and kms:Decrypt for a key"
                                : "")
                        + "."));
    }

    /** As settings to change, such as {@code S3_CHECKSUMS=when_required}; empty when none of them helps. */
    List<String> find() {
        S3ObjectSettings all = settings.objects();
        Map<String, S3Settings> each = new LinkedHashMap<>();
        if (!settings.checksumsWhenRequired()) {
            each.put(SettingName.S3_CHECKSUMS + "=when_required", settings.with(S3ObjectSettings.PLAIN, false));
        }
        if (!all.tags().isEmpty()) {
            each.put(SettingName.S3_TAGS + " without a value", with(null, null, null, all.tags()));
        }
        if (all.storageClass() != null) {
            each.put(SettingName.S3_STORAGE_CLASS + " without a value", with(all.storageClass(), null, null, Map.of()));
        }
        if (all.encryption() != null) {
            each.put(SettingName.S3_SSE + "=none", with(null, all.encryption(), null, Map.of()));
        }
        if (all.kmsKey() != null) {
            each.put(
                    SettingName.S3_SSE_KMS_KEY_ID + " to a key of this server",
                    with(null, all.encryption(), all.kmsKey(), Map.of()));
        }
        if (each.isEmpty() || !stores(settings.with(S3ObjectSettings.PLAIN, true))) {
            return List.of();
        }
        List<String> refused = new ArrayList<>();
        each.forEach((setting, alone) -> {
            boolean followsAnother = setting.startsWith(SettingName.S3_SSE_KMS_KEY_ID.name())
                    && refused.contains(SettingName.S3_SSE + "=none");
            if (!followsAnother && !stores(alone)) {
                refused.add(setting);
            }
        });
        return refused;
    }

    private S3Settings with(
            @Nullable String storageClass,
            @Nullable String encryption,
            @Nullable String kmsKey,
            Map<String, String> tags) {
        return settings.with(new S3ObjectSettings(storageClass, encryption, kmsKey, tags), true);
    }

    /** Whether an object can be stored so: by one request, and in parts. */
    private static boolean stores(S3Settings settings) {
        String key = settings.prefix() + "/check-" + UUID.randomUUID();
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client()) {
            client.putObject(put -> put.bucket(settings.bucket()).key(key), RequestBody.fromString("0123456789"));
            CreateMultipartUploadResponse upload = client.createMultipartUpload(
                    create -> create.bucket(settings.bucket()).key(key));
            try {
                String eTag = client.uploadPart(
                                part -> part.bucket(settings.bucket())
                                        .key(key)
                                        .uploadId(upload.uploadId())
                                        .partNumber(1),
                                RequestBody.fromString("0123456789"))
                        .eTag();
                client.completeMultipartUpload(complete -> complete.bucket(settings.bucket())
                        .key(key)
                        .uploadId(upload.uploadId())
                        .multipartUpload(parts -> parts.parts(
                                CompletedPart.builder().partNumber(1).eTag(eTag).build())));
            } catch (SdkException e) {
                new S3Leftovers(client, settings.bucket()).abortUploads(key);
                return false;
            } finally {
                client.deleteObject(delete -> delete.bucket(settings.bucket()).key(key));
            }
            return true;
        } catch (SdkException e) {
            return false;
        }
    }
}
