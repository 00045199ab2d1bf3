package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import dev.bactrian.config.S3Settings;
import dev.bactrian.run.StoppableRun;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The verbs of {@code routes/store/s3.camel.yaml} that Camel's component can't do, or not well enough. */
public final class S3Store {

    private final S3Client client;
    private final String bucket;
    private final KeptOptions options;
    private final S3Upload uploads;
    private final StoredContent content;
    private final ConditionalPut conditionalPut;
    private final S3Copies copies;
    private final S3Leftovers leftovers;
    private final S3Listing listing;
    private final S3Links links;

    S3Store(S3Settings settings, S3Clients clients, S3Client client, S3Presigner presigner) {
        this.client = client;
        this.bucket = clients.bucket();
        this.options = new KeptOptions(settings, client);
        this.uploads = new S3Upload(clients, new RefusedOptions(settings));
        this.content = new StoredContent(settings, client, uploads);
        this.conditionalPut = new ConditionalPut(client, bucket);
        this.copies = new S3Copies(clients, client, options);
        this.leftovers = new S3Leftovers(client, bucket);
        this.listing = new S3Listing(client, bucket);
        this.links = new S3Links(clients, client, presigner);
    }

    /**
     * Stores a stream of unknown length in parts, as it comes, and a text by one request. What the server stores in another way than
     * the settings ask for is removed, and fails.
     *
     * @param largest bytes that a stream is expected to have at most; null where that isn't known
     * @param waiting bytes that may take room in the run's folder meanwhile; null for none
     * @param run the run that it is stored for, where there is one
     */
    public void put(
            @Body Object body,
            @Header("key") String key,
            @Header("contentType") String type,
            @Header("largest") @Nullable Long largest,
            @Header("waiting") @Nullable Long waiting,
            @ExchangeProperty("run") @Nullable Object run) {
        if (body instanceof InputStream stream) {
            uploads.upload(
                    stream,
                    key,
                    type,
                    largest == null ? 0 : largest,
                    waiting == null ? 0 : waiting,
                    run instanceof StoppableRun known ? known : null);
        } else {
            client.putObject(
                    put -> put.bucket(bucket).key(key).contentType(type), RequestBody.fromString(body.toString()));
        }
        options.confirm(key);
    }

    /** As {@link #put} of a text, unless something else than {@code version} is there by now; the header {@code stored} says which. */
    public void putIfAbsent(
            @Body String text,
            @Header("key") String key,
            @Header("contentType") String type,
            @Header("version") @Nullable String version,
            Exchange exchange) {
        boolean stored = conditionalPut.put(text, key, type, version);
        if (stored) {
            options.confirm(key);
        }
        exchange.getMessage().setHeader("stored", stored);
    }

    /** Compares an archive that this process has just stored with what it has read. */
    public void compare(@Body HeadObjectResponse told, @Header("key") String key) {
        content.compare(told, key);
    }

    /** A stream that may be closed early: the SDK's own would read all that is left, however many GB. */
    public InputStream stream(@Body ResponseInputStream<GetObjectResponse> body) {
        return S3Ranges.endingEarly(body);
    }

    public List<StoredObject> list(
            @Header("prefix") String prefix, @Header("unfinished") @Nullable Boolean unfinished) {
        return listing.below(prefix, Boolean.TRUE.equals(unfinished));
    }

    /** Not Camel's createDownloadLink: that signs by this machine's clock. */
    public String link(@Header("key") String key, @Header("seconds") long seconds) {
        return links.sign(key, seconds);
    }

    public void copy(@Header("source") String source, @Header("key") String key) {
        copies.copy(source, key);
    }

    /** Ends every upload under this key that was begun and not completed. */
    public void abort(@Header("key") String key) {
        leftovers.abortUploads(key);
    }
}
