package dev.bactrian.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** Requests to a container of Azure Blob Storage. Error texts don't name the signature. */
final class AzureRequests {

    private static final int ATTEMPTS = 4;
    private static final int NOT_FOUND = 404;
    private static final int THROTTLED = 429;
    private static final int SERVER_ERROR = 500;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final String container;
    private final String signature;

    AzureRequests(String container) {
        int query = container.indexOf('?');
        if (query < 0 || !container.startsWith("http")) {
            throw new IllegalArgumentException(
                    "AZURE_CONTAINER_URL isn't a container's address with a shared access signature. "
                            + "Write it as https://account.blob.core.windows.net/container?sv=…&sig=…");
        }
        this.container = container.substring(0, query);
        this.signature = container.substring(query + 1);
    }

    /**
     * Begins a request.
     *
     * @param key of a blob; empty for the container
     * @param query what is added to the signature; may be empty
     */
    HttpRequest.Builder of(String key, String query) {
        String path = Arrays.stream(key.split("/")).map(AzureRequests::encoded).collect(Collectors.joining("/"));
        return HttpRequest.newBuilder(URI.create(container + (key.isEmpty() ? "" : "/" + path) + "?"
                        + (query.isEmpty() ? "" : query + "&") + signature))
                .timeout(LONGEST)
                .header("x-ms-version", "2021-12-02");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String md5(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    /** An answer that is small. */
    HttpResponse<String> send(HttpRequest.Builder request, int... expected) throws IOException {
        return answered(request.build(), BodyHandlers.ofString(), expected);
    }

    /** An answer that is read while it arrives. */
    HttpResponse<InputStream> stream(HttpRequest.Builder request, int... expected) throws IOException {
        return answered(request.build(), BodyHandlers.ofInputStream(), expected);
    }

    private <T> HttpResponse<T> answered(HttpRequest request, BodyHandler<T> handler, int... expected)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<T> answer = http.send(request, handler);
                int status = answer.statusCode();
                if (Arrays.stream(expected).anyMatch(one -> one == status) && isOwnWord(answer)) {
                    return answer;
                }
                if (attempt == ATTEMPTS || status < SERVER_ERROR && status != THROTTLED) {
                    throw new RefusedException(request.method() + " "
                            + request.uri().getPath() + " was answered " + status + " "
                            + answer.headers().firstValue("x-ms-error-code").orElse(""));
                }
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    // Not as its cause: messages show the last one alone, which may say nothing.
                    IOException told = new IOException(
                            "Azure can't be reached at " + request.uri().getHost() + ": " + e);
                    told.addSuppressed(e);
                    throw told;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Azure was asked", e);
            }
            pause(attempt);
        }
    }

    /** That a blob isn't there is what Azure says of the blob: its container may be missing, too. */
    private static boolean isOwnWord(HttpResponse<?> answer) {
        return answer.statusCode() != NOT_FOUND
                || "BlobNotFound"
                        .equals(answer.headers().firstValue("x-ms-error-code").orElse(""));
    }

    private static void pause(int attempt) throws IOException {
        try {
            Thread.sleep(Duration.ofSeconds(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Azure was asked", e);
        }
    }

    /** An answer that isn't asked for again. */
    private static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super("Azure refused: " + message);
        }
    }
}
