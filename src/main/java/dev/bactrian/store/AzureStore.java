package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a container of Azure Blob Storage as a store ({@code docs/examples/store-azure.camel.yaml}), by its REST API and a shared
 * access signature. What is put appears under its key when its last request is done, and not before.
 */
public final class AzureStore {

    /** A block is held in memory until it is stored. */
    private static final int BLOCK = 8 << 20;

    private static final int MOST_BLOCKS = 50_000;

    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;

    private final AzureRequests requests;

    /**
     * Connects at the first verb.
     *
     * @param container address of the container with a signature that lets read, write, delete and list
     */
    public AzureStore(String container) {
        this.requests = new AzureRequests(container);
    }

    /** Stores the body, a stream of less than {@code largest} bytes or a text, block by block. */
    public void put(
            @Body InputStream content,
            @Header("key") String key,
            @Header("contentType") @Nullable String type,
            @Header("largest") @Nullable Long largest)
            throws IOException {
        int size = (int) Math.max(BLOCK, (largest == null ? 0 : largest) / MOST_BLOCKS + 1);
        StringBuilder blocks = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        int count = 0;
        for (byte[] block = content.readNBytes(size); block.length > 0; block = content.readNBytes(size)) {
            String id = Base64.getEncoder()
                    .encodeToString(String.format("%08d", count++).getBytes(StandardCharsets.US_ASCII));
            requests.send(
                    requests.of(key, "comp=block&blockid=" + AzureRequests.encoded(id))
                            .header("Content-MD5", AzureRequests.md5(block))
                            .PUT(BodyPublishers.ofByteArray(block)),
                    CREATED);
            blocks.append("<Latest>").append(id).append("</Latest>");
        }
        HttpRequest.Builder commit = requests.of(key, "comp=blocklist")
                .PUT(BodyPublishers.ofString(blocks.append("</BlockList>").toString()));
        if (type != null) {
            commit.header("x-ms-blob-content-type", type);
        }
        requests.send(commit, CREATED);
    }

    /** Writes a text where {@code version} is what is there, null for nothing; the header {@code stored} says whether it was. */
    public void putIfAbsent(
            @Body String text,
            @Header("key") String key,
            @Header("contentType") String type,
            @Header("version") @Nullable String version,
            Exchange exchange)
            throws IOException {
        HttpRequest.Builder request = requests.of(key, "")
                .header("x-ms-blob-type", "BlockBlob")
                .header("x-ms-blob-content-type", type)
                .header(version == null ? "If-None-Match" : "If-Match", version == null ? "*" : version)
                .PUT(BodyPublishers.ofString(text));
        int status = requests.send(request, CREATED, CONFLICT, CHANGED).statusCode();
        exchange.getMessage().setHeader("stored", status == CREATED);
    }

    /** The content, or null where there is none; sets the header {@code version}. No other error means that there is none. */
    public @Nullable InputStream get(@Header("key") String key, Exchange exchange) throws IOException {
        var answer = requests.stream(requests.of(key, ""), OK, NOT_FOUND);
        if (answer.statusCode() == NOT_FOUND) {
            exchange.getMessage().removeHeader("version");
            return null;
        }
        exchange.getMessage()
                .setHeader("version", answer.headers().firstValue("ETag").orElse(null));
        return answer.body();
    }

    /** In bytes. */
    public long size(@Header("key") String key) throws IOException {
        return requests.send(requests.of(key, "").method("HEAD", BodyPublishers.noBody()), OK)
                .headers()
                .firstValueAsLong("Content-Length")
                .orElseThrow();
    }

    /** From one offset up to another, itself included. */
    public InputStream range(@Header("key") String key, @Header("rangeStart") long start, @Header("rangeEnd") long end)
            throws IOException {
        return requests.stream(requests.of(key, "").header("Range", "bytes=" + start + "-" + end), PARTIAL)
                .body();
    }

    /** Everything whose key begins so; on request what was begun, too. */
    public List<StoredObject> list(@Header("prefix") String prefix, @Header("unfinished") @Nullable Boolean unfinished)
            throws IOException {
        List<StoredObject> found = new ArrayList<>();
        String query = "restype=container&comp=list&prefix=" + AzureRequests.encoded(prefix)
                + (Boolean.TRUE.equals(unfinished) ? "&include=uncommittedblobs" : "");
        String marker = "";
        do {
            AzureListing page = AzureListing.of(
                    requests.send(requests.of("", query + "&marker=" + AzureRequests.encoded(marker)), OK)
                            .body());
            found.addAll(page.objects());
            marker = page.next();
        } while (!marker.isEmpty());
        return found;
    }

    /** No error where there is nothing. */
    public void delete(@Header("key") String key) throws IOException {
        requests.send(requests.of(key, "").DELETE(), ACCEPTED, NOT_FOUND);
    }

    /** Blocks of a put that didn't get to its end go when something is stored in their place, which is removed. */
    public void abort(@Header("key") String key) throws IOException {
        for (StoredObject begun : list(key, true)) {
            if (begun.key().equals(key) && !begun.finished()) {
                requests.send(
                        requests.of(key, "")
                                .header("x-ms-blob-type", "BlockBlob")
                                .header("If-None-Match", "*")
                                .PUT(BodyPublishers.noBody()),
                        CREATED,
                        CONFLICT);
                delete(key);
            }
        }
    }
}
