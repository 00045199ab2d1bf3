package dev.bactrian.testing.supabase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.stores.StorageBuckets;
import dev.bactrian.testing.stores.StorageFaults;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A project's Storage API, as its gateway and github.com/supabase/storage answer (its sources of 2026-08, and a server of
 * version 1.11 that was asked): most errors have HTTP status 400, and their own in the body; HEAD and "info" are answered from
 * the row alone, and only GET reads bytes. What it keeps, {@link StorageBuckets} says; the tests script what goes wrong.
 */
public final class StorageServer implements AutoCloseable {

    /** A secret key: for the header {@code apikey} alone. */
    public static final String SECRET_KEY = "sb_secret_of-the-tests_0123456789";

    /** The old kind of key: for the headers {@code apikey} and {@code Authorization}. */
    public static final String SERVICE_ROLE = jwt("service_role");

    private static final String NOT_FOUND = "not_found";

    static {
        // Head and body of an answer are written apart: without this each small one would take 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "storage-server");
        thread.setDaemon(true);
        return thread;
    });
    private final StorageBuckets buckets = new StorageBuckets();
    private final StorageFaults faults = new StorageFaults();
    private final AtomicInteger downloads = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private volatile boolean keysExpired;
    private volatile Backend backend = Backend.S3;
    private final AtomicInteger glances = new AtomicInteger();

    /** Where Storage itself keeps the bytes: that tells how it says that they aren't there, or not in this range. */
    public enum Backend {
        /** As on the platform. */
        S3,
        /** As self-hosted ones have it by default. */
        FILE
    }

    private StorageServer(HttpServer server) {
        this.server = server;
    }

    public static StorageServer start() {
        try {
            StorageServer started =
                    new StorageServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            started.server.createContext("/", started::answer);
            started.server.setExecutor(started.threads);
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jwt(String role) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + encoder.encodeToString(("{\"iss\":\"supabase\",\"role\":\"" + role + "\",\"exp\":4102444800}")
                        .getBytes(StandardCharsets.UTF_8))
                + ".c2lnbmF0dXJlLW9mLXRoZS10ZXN0cw";
    }

    /** What {@code SUPABASE_URL} is set to. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it keeps. */
    public StorageBuckets buckets() {
        return buckets;
    }

    public StorageFaults faults() {
        return faults;
    }

    public StorageServer keptIn(Backend other) {
        backend = other;
        return this;
    }

    /** How many answers came from a row alone. */
    public int glances() {
        return glances.get();
    }

    /** From now on every key is refused. */
    public void expireKeys() {
        keysExpired = true;
    }

    /** How many requests for the bytes of files there were, refused or not. */
    public int downloads() {
        return downloads.get();
    }

    /** How many files were put here. */
    public int uploads() {
        return uploads.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (refusesKey(exchange)) {
                return;
            }
            if (!path.startsWith("/storage/v1/")) {
                send(exchange, 404, "{\"message\":\"no Route matched with those values\"}");
                return;
            }
            List<String> words = Arrays.stream(
                            path.substring("/storage/v1/".length()).split("/", -1))
                    .map(word -> URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
            route(exchange, words);
        }
    }

    /** The gateway knows the keys; Storage wants a JWT, which the gateway makes of a secret key. */
    private boolean refusesKey(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("apikey");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (key == null) {
            send(
                    exchange,
                    401,
                    "{\"message\":\"No API key found in request\",\"hint\":\"No `apikey` request header or url param was found.\"}");
        } else if (!key.equals(SECRET_KEY) && !key.equals(SERVICE_ROLE)) {
            send(
                    exchange,
                    401,
                    "{\"message\":\"Invalid API key\",\"hint\":\"Double check your Supabase `anon` or `service_role` API key.\"}");
        } else if (keysExpired) {
            error(exchange, 403, "Unauthorized", "\\\"exp\\\" claim timestamp check failed");
        } else if (key.equals(SERVICE_ROLE) && authorization == null) {
            error(exchange, 400, "Error", "headers must have required property 'authorization'");
        } else if (key.equals(SERVICE_ROLE) && !authorization.equals("Bearer " + key)
                || key.equals(SECRET_KEY) && authorization != null) {
            error(exchange, 403, "Unauthorized", "Invalid Compact JWS");
        } else {
            return false;
        }
        return true;
    }

    private void route(HttpExchange exchange, List<String> words) throws IOException {
        String method = exchange.getRequestMethod();
        String path = String.join("/", words);
        if (method.equals("GET") && path.equals("bucket")) {
            send(exchange, 200, json.writeValueAsString(buckets.list()));
        } else if (method.equals("GET") && words.size() == 2 && words.get(0).equals("bucket")) {
            JsonNode bucket = buckets.find(words.get(1));
            if (bucket == null) {
                error(exchange, 404, "Bucket not found", "Bucket not found");
            } else {
                send(exchange, 200, bucket.toString());
            }
        } else if (method.equals("POST") && path.equals("bucket")) {
            createBucket(exchange);
        } else if (method.equals("POST") && path.startsWith("object/list/") && words.size() == 3) {
            JsonNode wanted = json.readTree(exchange.getRequestBody());
            send(exchange, 200, json.writeValueAsString(buckets.level(words.get(2), wanted)));
        } else if (words.size() >= 4 && path.startsWith("object/info/authenticated/")) {
            info(exchange, words.get(3), rest(words, 4));
        } else if (method.equals("GET") && words.size() >= 4 && path.startsWith("object/info/")) {
            info(exchange, words.get(2), rest(words, 3));
        } else if (List.of("GET", "HEAD").contains(method) && path.startsWith("object/authenticated/")) {
            read(exchange, words.get(2), rest(words, 3));
        } else if (List.of("GET", "HEAD").contains(method) && path.startsWith("object/")) {
            read(exchange, words.get(1), rest(words, 2));
        } else if (List.of("POST", "PUT").contains(method) && path.startsWith("object/")) {
            upload(exchange, words.get(1), rest(words, 2), method.equals("PUT"));
        } else {
            error(exchange, 404, "Error", "Route " + method + ":/" + path + " not found");
        }
    }

    private static String rest(List<String> words, int from) {
        return words.subList(from, words.size()).stream().collect(Collectors.joining("/"));
    }

    private void createBucket(HttpExchange exchange) throws IOException {
        JsonNode wanted = json.readTree(exchange.getRequestBody());
        String name = wanted.path("name").asText();
        if (buckets.find(name) != null) {
            error(exchange, 409, "Duplicate", "The resource already exists");
            return;
        }
        buckets.create(name, wanted.path("public").asBoolean());
        send(exchange, 200, json.createObjectNode().put("name", name).toString());
    }

    private void info(HttpExchange exchange, String bucket, String name) throws IOException {
        glances.incrementAndGet();
        StorageBuckets.Stored stored = buckets.get(bucket, name);
        if (stored == null) {
            error(exchange, 404, NOT_FOUND, "Object not found");
            return;
        }
        ObjectNode info = json.createObjectNode()
                .put("id", stored.id().toString())
                .put("name", name)
                .put("version", stored.version())
                .put("bucket_id", bucket)
                .put("size", stored.size())
                .put("content_type", stored.contentType())
                .put("cache_control", stored.cacheControl())
                .put("etag", stored.eTag())
                .put("last_modified", stored.updatedAt().toString())
                .put("created_at", stored.createdAt().toString());
        info.set("metadata", stored.userMetadata());
        send(exchange, 200, info.toString());
    }

    private void upload(HttpExchange exchange, String bucket, String name, boolean update) throws IOException {
        // Named "PUT bucket/name" to the faults.
        StorageFaults.Fault fault = faults.meet("PUT " + bucket + "/" + name).orElse(null);
        if (fault != null && fault.kind() == StorageFaults.Kind.STATUS) {
            fail(exchange, fault);
            return;
        }
        if (fault != null) {
            exchange.getRequestBody().readNBytes((int) fault.bytes());
            exchange.close();
            return;
        }
        byte[] content = exchange.getRequestBody().readAllBytes();
        JsonNode limits = buckets.find(bucket);
        if (limits == null) {
            error(exchange, 404, "Bucket not found", "Bucket not found");
            return;
        }
        if (content.length > limits.path("file_size_limit").asLong(Long.MAX_VALUE)) {
            error(exchange, 413, "Payload too large", "The object exceeded the maximum allowed size");
            return;
        }
        if (!allows(
                limits.path("allowed_mime_types"), exchange.getRequestHeaders().getFirst("Content-Type"))) {
            error(
                    exchange,
                    415,
                    "invalid_mime_type",
                    "mime type " + exchange.getRequestHeaders().getFirst("Content-Type") + " is not supported");
            return;
        }
        boolean upsert = update || "true".equals(exchange.getRequestHeaders().getFirst("x-upsert"));
        if (!upsert && buckets.get(bucket, name) != null) {
            error(exchange, 409, "Duplicate", "The resource already exists");
            return;
        }
        String metadata = exchange.getRequestHeaders().getFirst("x-metadata");
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String cache = exchange.getRequestHeaders().getFirst("Cache-Control");
        StorageBuckets.Stored stored = buckets.put(
                bucket,
                name,
                StorageContent.of(content),
                type == null ? "application/octet-stream" : type,
                cache == null ? "no-cache" : cache,
                metadata == null
                        ? json.createObjectNode()
                        : json.readTree(Base64.getDecoder().decode(metadata.getBytes(StandardCharsets.US_ASCII))));
        uploads.incrementAndGet();
        send(
                exchange,
                200,
                json.createObjectNode()
                        .put("Key", bucket + "/" + name)
                        .put("Id", stored.id().toString())
                        .toString());
    }

    private static boolean allows(JsonNode types, String type) {
        if (!types.isArray() || types.isEmpty()) {
            return true;
        }
        for (JsonNode allowed : types) {
            if (allowed.asText().equals(type)
                    || allowed.asText().endsWith("/*")
                            && type.startsWith(allowed.asText().replace("*", ""))) {
                return true;
            }
        }
        return false;
    }

    private void fail(HttpExchange exchange, StorageFaults.Fault fault) throws IOException {
        if (faults.retryAfter() != null && fault.status() == 429) {
            exchange.getResponseHeaders().set("Retry-After", faults.retryAfter());
        }
        send(exchange, fault.status(), fault.body());
    }

    private void read(HttpExchange exchange, String bucket, String name) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            glance(exchange, bucket, name);
        } else {
            download(exchange, bucket, name);
        }
    }

    private void glance(HttpExchange exchange, String bucket, String name) throws IOException {
        glances.incrementAndGet();
        StorageBuckets.Stored stored = buckets.get(bucket, name);
        if (buckets.find(bucket) == null || stored == null) {
            error(exchange, 404, NOT_FOUND, "Object not found");
            return;
        }
        describe(exchange, stored);
        exchange.getResponseHeaders().set("Content-Length", Long.toString(stored.size()));
        exchange.sendResponseHeaders(200, -1);
    }

    private static void describe(HttpExchange exchange, StorageBuckets.Stored stored) {
        var headers = exchange.getResponseHeaders();
        // HTML is never given out as such.
        headers.set("Content-Type", stored.contentType().contains("text/html") ? "text/plain" : stored.contentType());
        headers.set("ETag", stored.eTag());
        headers.set("Cache-Control", stored.cacheControl());
        headers.set("Accept-Ranges", "bytes");
        headers.set("Last-Modified", stored.lastModified());
    }

    private void download(HttpExchange exchange, String bucket, String name) throws IOException {
        downloads.incrementAndGet();
        StorageFaults.Fault fault = faults.meet(bucket + "/" + name).orElse(null);
        if (fault != null && fault.kind() == StorageFaults.Kind.STATUS) {
            fail(exchange, fault);
            return;
        }
        StorageBuckets.Stored stored = buckets.get(bucket, name);
        if (buckets.find(bucket) == null) {
            error(exchange, 404, "Bucket not found", "Bucket not found");
        } else if (stored == null) {
            error(exchange, 404, NOT_FOUND, "Object not found");
        } else if (stored.content() == null && backend == Backend.S3) {
            error(exchange, 404, "Not found", "The resource was not found");
        } else if (stored.content() == null) {
            internalError(exchange);
        } else {
            bytes(exchange, stored, fault);
        }
    }

    private void bytes(HttpExchange exchange, StorageBuckets.Stored stored, StorageFaults.Fault fault)
            throws IOException {
        long size = stored.content().size()
                - (fault != null && fault.kind() == StorageFaults.Kind.SHORT ? fault.bytes() : 0);
        String range = exchange.getRequestHeaders().getFirst("Range");
        String[] wanted = range == null
                ? new String[] {"0", ""}
                : range.substring("bytes=".length()).split("-", 2);
        long from = Long.parseLong(wanted[0]);
        long end = wanted[1].isEmpty() ? size : Math.min(size, Long.parseLong(wanted[1]) + 1);
        if (range != null && from >= size) {
            outOfRange(exchange);
            return;
        }
        describe(exchange, stored);
        if (range != null) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + size);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, end == from ? -1 : end - from);
        long left = fault != null && fault.kind() == StorageFaults.Kind.CUT
                ? Math.min(fault.bytes(), end - from)
                : end - from;
        copy(stored.content().from(from), exchange.getResponseBody(), left);
    }

    /** Storage passes on what its file system says, and knows nothing of S3's answer but that it is an error. */
    private void outOfRange(HttpExchange exchange) throws IOException {
        if (backend == Backend.FILE) {
            send(
                    exchange,
                    416,
                    "{\"statusCode\":\"416\",\"code\":\"InvalidRange\",\"error\":\"invalid_range\","
                            + "\"message\":\"invalid range provided\"}");
        } else {
            internalError(exchange);
        }
    }

    private static void internalError(HttpExchange exchange) throws IOException {
        send(
                exchange,
                500,
                "{\"statusCode\":\"500\",\"code\":\"InternalError\",\"error\":\"Internal\","
                        + "\"message\":\"Internal Server Error\"}");
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = bytes; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            out.write(buffer, 0, count);
            left -= count;
        }
        out.flush();
    }

    /** An error as Storage renders it. */
    private static void error(HttpExchange exchange, int statusCode, String error, String message) throws IOException {
        send(
                exchange,
                statusCode == 500 ? 500 : 400,
                String.format(
                        Locale.ROOT,
                        "{\"statusCode\":\"%d\",\"error\":\"%s\",\"message\":\"%s\"}",
                        statusCode,
                        error,
                        message));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        faults.requireAllMet();
    }
}
