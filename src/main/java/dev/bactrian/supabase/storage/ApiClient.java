package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.problem.TlsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** Requests to a project's Storage API, with its key, and what their answers mean. */
final class ApiClient implements AutoCloseable {

    private static final int LARGEST_ERROR = 1 << 14;
    private static final int CONNECT_SECONDS = 10;
    private static final int IDLE_SECONDS = 60;

    /** While a file is sent, it is looked so often whether it has been refused already. */
    private static final long LOOK_EVERY_BYTES = 1 << 20;

    private final ObjectMapper json = new ObjectMapper();
    private final URI storage;
    private final String key;
    private final StorageApiErrors errors;
    private final CloseableHttpClient client;

    ApiClient(URI project, String key, StorageApiErrors errors, int connections) {
        this.storage = URI.create(project + "/storage/v1/");
        this.key = key;
        this.errors = errors;
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections + 1)
                        .setMaxConnTotal(connections + 1)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .responseOutOfOrderStrategy(
                                        new MonitoringResponseOutOfOrderStrategy(LOOK_EVERY_BYTES, Long.MAX_VALUE))
                                .build())
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

    /**
     * A request, yet to be sent.
     *
     * @param path below {@code /storage/v1/}, encoded
     */
    HttpUriRequestBase request(String method, String path) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(storage + path));
        request.setHeader("apikey", key);
        if (!key.startsWith("sb_")) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        request.setHeader("Accept-Encoding", "identity");
        return request;
    }

    ClassicHttpResponse send(HttpUriRequestBase request) throws IOException {
        HttpHost host = new HttpHost(storage.getScheme(), storage.getHost(), storage.getPort());
        try {
            return client.executeOpen(host, request, null);
        } catch (UnknownHostException e) {
            throw ProblemException.stopped(
                    "The host " + storage.getHost() + " of the project's files was not found.",
                    "Correct SUPABASE_URL, or the DNS of this machine.");
        } catch (IOException e) {
            Optional<TlsFailure> tls = TlsFailure.of(e);
            if (tls.isPresent()) {
                throw ProblemException.stopped(
                        "No TLS connection to " + storage.getHost() + ", which the project's files are read from: "
                                + tls.get().text() + ".",
                        tls.get().kind().remedy(),
                        e);
            }
            throw new BusyException(
                    "no answer from " + storage.getHost() + " (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    /**
     * The exception for an answer that isn't good, from what its body says.
     *
     * @throws ProblemException when no file will ever come or go that way
     */
    IOException failure(ClassicHttpResponse answer) throws IOException {
        JsonNode error;
        try {
            error = json.readTree(content(answer, LARGEST_ERROR));
        } catch (JsonProcessingException e) {
            error = json.missingNode();
        }
        return errors.failure(answer.getCode(), header(answer, "Retry-After"), error);
    }

    /** An answer's body as text, of which no more than so many bytes count. */
    static String content(ClassicHttpResponse answer, int most) throws IOException {
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

    static @Nullable String header(ClassicHttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** As a path: the slashes stay, and every other character that isn't unreserved is encoded (RFC 3986). */
    static String encode(String path) {
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
        // At once: what is under way ends with its run.
        client.close(CloseMode.IMMEDIATE);
    }
}
