package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Base64;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.BasicHttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A project's files by its Storage API (github.com/supabase/storage): {@code /storage/v1/object/authenticated/…}. A JWT goes
 * into {@code apikey} and {@code Authorization}, a secret key into {@code apikey} alone, as the platform's gateway wants
 * it. Neither is sent anywhere else: redirects aren't followed.
 */
public final class ApiFileStore implements FileStore {

    private static final int LARGEST_LIST = 16 << 20;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int OUT_OF_RANGE = 416;

    /** After the last byte of a large file Storage itself stores it. */
    private static final RequestConfig STORING =
            RequestConfig.custom().setResponseTimeout(5, TimeUnit.MINUTES).build();

    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

    private final ObjectMapper json = new ObjectMapper();
    private final StorageApiErrors errors;
    private final ApiClient client;

    /**
     * Prepares requests.
     *
     * @param project its address, without a slash at the end
     * @param keySetting the setting that the key is from
     * @param connections how many files are fetched or sent at once
     */
    public ApiFileStore(URI project, String key, String keySetting, int connections) {
        this.errors = new StorageApiErrors(project, keySetting);
        this.client = new ApiClient(project, key, errors, connections);
    }

    @Override
    public Download open(String bucket, String name, long from) throws IOException {
        HttpUriRequestBase request = get(bucket, name);
        if (from > 0) {
            request.setHeader("Range", "bytes=" + from + "-");
        }
        ClassicHttpResponse answer = client.send(request);
        try {
            if (answer.getCode() == OUT_OF_RANGE) {
                throw new RefusedFileException("the store has fewer bytes now than it had before");
            }
            if (answer.getCode() != OK && answer.getCode() != PARTIAL) {
                throw client.failure(answer);
            }
            return download(request, answer);
        } catch (IOException | RuntimeException e) {
            end(request, answer);
            throw e;
        }
    }

    private HttpUriRequestBase get(String bucket, String name) {
        return client.request("GET", "object/authenticated/" + ApiClient.encode(bucket) + "/" + ApiClient.encode(name));
    }

    private static Download download(HttpUriRequestBase request, ClassicHttpResponse answer) throws IOException {
        HttpEntity entity = answer.getEntity();
        InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
        String eTag = ApiClient.header(answer, "ETag");
        String range = ApiClient.header(answer, "Content-Range");
        if (answer.getCode() == PARTIAL) {
            Matcher told = RANGE.matcher(range == null ? "" : range);
            if (!told.matches()) {
                throw new BusyException("a response doesn't say which part it has", null);
            }
            return new Download(
                    content,
                    Long.parseLong(told.group(1)),
                    Long.parseLong(told.group(2)),
                    Download.plain(eTag),
                    () -> end(request, answer));
        }
        return new Download(
                content,
                0,
                entity == null ? 0 : entity.getContentLength(),
                Download.plain(eTag),
                () -> end(request, answer));
    }

    /** Without reading what is left. */
    private static void end(HttpUriRequestBase request, ClassicHttpResponse answer) {
        // One that was read to its end has given its connection back already, and keeps it.
        request.abort();
        try {
            answer.close();
        } catch (IOException e) {
            // The rest could not be read, and nobody wants it.
        }
    }

    @Override
    public Set<String> buckets() throws IOException {
        ClassicHttpResponse answer = client.send(client.request("GET", "bucket"));
        try (answer) {
            if (answer.getCode() != OK) {
                throw client.failure(answer);
            }
            JsonNode list = json.readTree(ApiClient.content(answer, LARGEST_LIST));
            if (!list.isArray()) {
                throw errors.noStorage();
            }
            Set<String> ids = new HashSet<>();
            list.forEach(bucket -> ids.add(bucket.path("id").asText()));
            return ids;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | RefusedFileException e) {
            throw errors.noStorage();
        }
    }

    /** By its first byte: Storage answers HEAD and "info" from the row alone, whether the bytes are there or not. */
    @Override
    public @Nullable FoundFile find(Upload file) throws IOException {
        HttpUriRequestBase request = get(file.bucket(), file.name());
        if (file.size() > 0) {
            request.setHeader("Range", "bytes=0-0");
        }
        ClassicHttpResponse answer = client.send(request);
        try {
            if (answer.getCode() == OUT_OF_RANGE) {
                // There, and without a byte.
                return new FoundFile(0, Download.plain(ApiClient.header(answer, "ETag")));
            }
            if (answer.getCode() != OK && answer.getCode() != PARTIAL) {
                throw client.failure(answer);
            }
            Download download = download(request, answer);
            if (download.size() > 0 && firstByte(download) < 0) {
                throw new BusyException("it ended before its first byte", null);
            }
            return new FoundFile(download.size(), download.eTag());
        } catch (RefusedFileException e) {
            return null;
        } catch (BusyException e) {
            if (e.isPerhapsLost()) {
                return null;
            }
            throw e;
        } finally {
            end(request, answer);
        }
    }

    private static int firstByte(Download download) throws BusyException {
        try {
            return download.content().read();
        } catch (IOException e) {
            throw new BusyException("the connection broke (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    @Override
    public void put(Upload file) throws IOException {
        HttpUriRequestBase request = client.request(
                "POST", "object/" + ApiClient.encode(file.bucket()) + "/" + ApiClient.encode(file.name()));
        request.setHeader("x-upsert", "true");
        if (file.cacheControl() != null) {
            request.setHeader("Cache-Control", file.cacheControl());
        }
        if (file.userMetadata() != null) {
            request.setHeader(
                    "x-metadata", Base64.getEncoder().encodeToString(json.writeValueAsBytes(file.userMetadata())));
        }
        request.setHeader("Content-Type", Objects.requireNonNullElse(file.contentType(), "application/octet-stream"));
        request.setConfig(STORING);
        try (InputStream content = file.content().open()) {
            request.setEntity(new BasicHttpEntity(content, file.size(), null));
            try (ClassicHttpResponse answer = client.send(request)) {
                if (answer.getCode() != OK) {
                    throw client.failure(answer);
                }
            }
        } finally {
            // One that was answered has given its connection back already, and keeps it.
            request.abort();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
