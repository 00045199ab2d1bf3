package dev.bactrian.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * A project's files by its Storage API (github.com/supabase/storage): {@code /storage/v1/object/authenticated/…}. A JWT goes
 * into {@code apikey} and {@code Authorization}, a secret key into {@code apikey} alone, as the platform's gateway wants
 * it. Neither is sent anywhere else: redirects aren't followed.
 */
public final class ApiFileStore implements FileStore {

    private static final int LARGEST_LIST = 16 << 20;
    private static final int LARGEST_ERROR = 1 << 14;
    private static final int CONNECT_SECONDS = 10;
    private static final int IDLE_SECONDS = 60;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int OUT_OF_RANGE = 416;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

    private final ObjectMapper json = new ObjectMapper();
    private final URI storage;
    private final String key;
    private final ApiAnswers answers;
    private final CloseableHttpClient client;

    /**
     * Prepares requests.
     *
     * @param project its address, without a slash at the end
     * @param keySetting the setting that the key is from
     * @param connections how many files are fetched at once
     */
    public ApiFileStore(URI project, String key, String keySetting, int connections) {
        this.storage = URI.create(project + "/storage/v1/");
        this.key = key;
        this.answers = new ApiAnswers(project, keySetting);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections + 1)
                        .setMaxConnTotal(connections + 1)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                                .setSocketTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .build())
                // The gateway refuses secret keys from what looks like a browser.
                .setUserAgent("bactrian")
                .disableContentCompression()
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .build();
    }

    @Override
    public Download open(String bucket, String name, long from) throws IOException {
        HttpGet request = get("object/authenticated/" + encode(bucket) + "/" + encode(name));
        if (from > 0) {
            request.setHeader("Range", "bytes=" + from + "-");
        }
        ClassicHttpResponse answer = send(request);
        try {
            if (answer.getCode() == OUT_OF_RANGE) {
                throw new RefusedFileException("the store has fewer bytes now than it had before");
            }
            if (answer.getCode() != OK && answer.getCode() != PARTIAL) {
                throw answers.failure(answer.getCode(), retryAfter(answer), error(answer));
            }
            return download(request, answer);
        } catch (IOException | RuntimeException e) {
            end(request, answer);
            throw e;
        }
    }

    private static Download download(HttpGet request, ClassicHttpResponse answer) throws IOException {
        HttpEntity entity = answer.getEntity();
        InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
        String eTag = header(answer, "ETag");
        String range = header(answer, "Content-Range");
        if (answer.getCode() == PARTIAL) {
            Matcher told = RANGE.matcher(range == null ? "" : range);
            if (!told.matches()) {
                throw new BusyException("a part was answered without saying which", null);
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
    private static void end(HttpGet request, ClassicHttpResponse answer) {
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
        ClassicHttpResponse answer = send(get("bucket"));
        try (answer) {
            if (answer.getCode() != OK) {
                throw answers.failure(answer.getCode(), retryAfter(answer), error(answer));
            }
            JsonNode list = json.readTree(content(answer, LARGEST_LIST));
            if (!list.isArray()) {
                throw answers.noStorage();
            }
            Set<String> ids = new HashSet<>();
            list.forEach(bucket -> ids.add(bucket.path("id").asText()));
            return ids;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | RefusedFileException e) {
            throw answers.noStorage();
        }
    }

    private HttpGet get(String path) {
        HttpGet request = new HttpGet(URI.create(storage + path));
        request.setHeader("apikey", key);
        if (!key.startsWith("sb_")) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        request.setHeader("Accept-Encoding", "identity");
        return request;
    }

    private ClassicHttpResponse send(HttpGet request) throws IOException {
        HttpHost host = new HttpHost(storage.getScheme(), storage.getHost(), storage.getPort());
        try {
            return client.executeOpen(host, request, null);
        } catch (java.net.UnknownHostException e) {
            throw BackupException.stopped(
                    "There is no host " + storage.getHost() + ", by which the project's files should be reached.",
                    "Correct SUPABASE_URL, or the DNS of this machine.");
        } catch (IOException e) {
            throw new BusyException(
                    "no answer from " + storage.getHost() + " (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    private JsonNode error(ClassicHttpResponse answer) throws IOException {
        try {
            return json.readTree(content(answer, LARGEST_ERROR));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return json.missingNode();
        }
    }

    private static String content(ClassicHttpResponse answer, int most) throws IOException {
        HttpEntity entity = answer.getEntity();
        if (entity == null) {
            return "";
        }
        try (InputStream in = entity.getContent()) {
            return new String(in.readNBytes(most), StandardCharsets.UTF_8);
        } catch (BusyException e) {
            throw e;
        } catch (IOException e) {
            throw new BusyException("the connection broke (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    private static @Nullable String retryAfter(ClassicHttpResponse answer) {
        return header(answer, "Retry-After");
    }

    private static @Nullable String header(ClassicHttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** As a path: the slashes stay, and every other character that isn't unreserved is encoded (RFC 3986). */
    private static String encode(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }

    @Override
    public void close() {
        // At once: what is under way ends with its backup.
        client.close(CloseMode.IMMEDIATE);
    }
}
