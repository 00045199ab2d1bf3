package dev.bactrian.store;

import dev.bactrian.archive.StoreKeys;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Looks through the bucket where no history can tell what it holds. */
public final class S3Listing {

    private final S3Client client;
    private final String bucket;

    S3Listing(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Keys of all archives under a prefix, the newest first; copies of them aren't listed. */
    public List<String> archives(String prefix) {
        return client
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix + "/archive/"))
                .contents()
                .stream()
                .filter(object -> StoreKeys.isArchiveName(object.key()))
                .sorted(Comparator.comparing(S3Object::lastModified).reversed())
                .map(S3Object::key)
                .toList();
    }
}
