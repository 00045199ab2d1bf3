package dev.bactrian.store;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * What is stored in a manifest's place, read within {@link ReadLimits}.
 *
 * @param text null where nothing is, or something too large for a manifest
 * @param eTag its entity tag; null where nothing is
 */
record StoredManifest(@Nullable String text, @Nullable String eTag) {

    /** In a manifest: the archive that it is about. */
    private static final String KEY = "/archive/key";

    static StoredManifest read(S3Client client, String bucket, String key) {
        try {
            return client.getObject(get -> get.bucket(bucket).key(key), StoredManifest::of);
        } catch (NoSuchKeyException e) {
            return new StoredManifest(null, null);
        }
    }

    private static StoredManifest of(GetObjectResponse told, AbortableInputStream content) {
        try {
            return new StoredManifest(ManifestText.text(content, ReadLimits.HERE), told.eTag());
        } catch (DamagedArchiveException e) {
            // The rest is never read.
            content.abort();
            return new StoredManifest(null, told.eTag());
        } catch (IOException e) {
            throw RetryableException.create("The manifest could not be read", e);
        }
    }

    /** Key of the archive that it names; empty when it names none. */
    String names() {
        return text == null ? "" : ManifestJson.text(text, KEY);
    }
}
