package dev.bactrian.store;

import dev.bactrian.archive.StoreKeys;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Copies a database's newest archive to {@code latest/} inside the bucket, and removes the copies of older ones. */
public final class S3Latest {

    /** S3 copies up to 5 GB by one request; a server that is silent while it does so must be done before we hang up. */
    private static final long LARGEST_SINGLE = 1L << 30;

    private static final long PART = 256L << 20;

    /** What {@link dev.bactrian.archive.StoreKeys#latestCopy} names, below the folder of a database. */
    private static final Pattern COPY = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[^/]+/[^/]+\\.zip(\\.pgp)?");

    private final S3Clients clients;
    private final S3Client client;
    private final KeptOptions options;
    private final long largestSingle;
    private final long part;

    S3Latest(S3Clients clients, S3Client client, KeptOptions options) {
        this(clients, client, options, LARGEST_SINGLE, PART);
    }

    S3Latest(S3Clients clients, S3Client client, KeptOptions options, long largestSingle, long part) {
        this.clients = clients;
        this.client = client;
        this.options = options;
        this.largestSingle = largestSingle;
        this.part = part;
    }

    /** Copies an archive; none of its bytes come by here. A copy that fails leaves nothing. */
    public void copy(@ExchangeProperty("key") String key, @Header("latestCopy") String copy) {
        BegunUploads begun = new BegunUploads();
        try (S3AsyncClient copier = clients.copier(largestSingle, part, begun)) {
            copier.copyObject(request -> request.sourceBucket(clients.bucket())
                            .sourceKey(key)
                            .destinationBucket(clients.bucket())
                            .destinationKey(copy)
                            // Copied in parts, an object begins with nothing of the other's.
                            .contentType(StoreKeys.contentType(copy)))
                    .join();
        } catch (CompletionException e) {
            RuntimeException failure = e.getCause() instanceof RuntimeException cause ? cause : e;
            endUploads(copy, failure);
            throw failure;
        }
        if (begun.mayBeOthers()) {
            new S3Leftovers(client, clients.bucket()).abortUploads(copy);
        }
        options.confirm(copy);
        compare(key, copy);
    }

    /** By their sizes; ETags of copies are others where they are made in parts, or encrypted with a key of KMS. */
    private void compare(String key, String copy) {
        long size = size(copy);
        if (size != size(key)) {
            client.deleteObject(delete -> delete.bucket(clients.bucket()).key(copy));
            throw StoredContent.differs(copy, "it is a copy of " + key + ", and has " + size + " bytes");
        }
    }

    private long size(String key) {
        return client.listObjectsV2(list -> list.bucket(clients.bucket()).prefix(key)).contents().stream()
                .filter(object -> key.equals(object.key()))
                .mapToLong(S3Object::size)
                .findFirst()
                .orElse(-1);
    }

    /**
     * The manifest of the latest backup was just stored: as the settings ask for, and as it was sent. Sets the header {@code latestStored}
     * to false where the store has another one: another node was faster with a newer backup, or something answered in the store's place.
     * Then no copy may go: the manifest there may name it.
     */
    public void confirmManifest(@Body String manifest, @Header("latestManifest") String key, Exchange exchange) {
        options.confirm(key);
        StoredManifest sent = new StoredManifest(manifest, null);
        StoredManifest stored = read(key);
        if (!manifest.equals(stored.text())) {
            // What came damaged says nothing of what is there.
            stored = read(key);
        }
        boolean own = stored.names().equals(sent.names());
        if (own && !manifest.equals(stored.text())) {
            throw StoredContent.differs(key, "it was read back");
        }
        exchange.getMessage().setHeader("latestStored", own);
    }

    private StoredManifest read(String key) {
        return StoredManifest.read(client, clients.bucket(), key);
    }

    /** The SDK aborts a failed copy beside, and not when it is closed meanwhile. */
    private void endUploads(String copy, RuntimeException failure) {
        try {
            new S3Leftovers(client, clients.bucket()).abortUploads(copy);
        } catch (SdkException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Removes what older backups left in a database's folder, unfinished copies included; nothing but Bactrian's own copies.
     * What a backup that began later has put there stays: that one was faster.
     *
     * @param copy the newest, which need not exist where nothing is copied
     * @param former key of the archive that was named before: by a clock that was set back it may look newer
     */
    public void removeOlder(
            @Header("latestFolder") String folder,
            @Header("latestCopy") String copy,
            @ExchangeProperty("latestKey") @Nullable String former) {
        client
                .listMultipartUploadsPaginator(
                        list -> list.bucket(clients.bucket()).prefix(folder))
                .uploads()
                .stream()
                .filter(upload -> goes(folder, upload.key(), copy, former))
                .forEach(this::abort);
        List<String> older =
                client
                        .listObjectsV2Paginator(
                                list -> list.bucket(clients.bucket()).prefix(folder))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .filter(key -> goes(folder, key, copy, former))
                        .toList();
        older.forEach(key ->
                client.deleteObject(delete -> delete.bucket(clients.bucket()).key(key)));
    }

    private static boolean goes(String folder, String key, String copy, @Nullable String former) {
        return COPY.matcher(key.substring(folder.length())).matches()
                && (key.compareTo(copy) < 0
                        || former != null && key.equals(folder + StoreKeys.ownName(former)) && !key.equals(copy));
    }

    private void abort(MultipartUpload upload) {
        S3Leftovers.abort(client, clients.bucket(), upload);
    }
}
