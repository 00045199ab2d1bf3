package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** What a bucket holds. Camel's own list ends after a thousand. */
final class S3Listing {

    private final S3Client client;
    private final String bucket;

    S3Listing(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Everything whose key begins so.
     *
     * @param unfinished whether uploads that were begun are listed, too
     */
    List<StoredObject> below(String prefix, boolean unfinished) {
        List<StoredObject> found = new ArrayList<>();
        client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                .contents()
                .forEach(object ->
                        found.add(new StoredObject(object.key(), object.size(), object.lastModified(), true)));
        if (unfinished) {
            client.listMultipartUploadsPaginator(list -> list.bucket(bucket).prefix(prefix))
                    .uploads()
                    .forEach(upload -> found.add(new StoredObject(upload.key(), 0, upload.initiated(), false)));
        }
        return found;
    }
}
