package dev.bactrian.testing.stores;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An S3 server that keeps no object, only the sizes and hashes of parts: for uploads that are larger than any disk. It knows one upload
 * at a time, as many verbs as that takes, and no trailers (S3_CHECKSUMS=when_required). The bench compiles it, too: it needs nothing but the JDK.
 */
public final class CountingS3 implements AutoCloseable {

    private static final Pattern NUMBER = Pattern.compile("partNumber=(\\d+)");
    private static final Pattern PART =
            Pattern.compile("<Part>.*?<ETag>(?:\"|&quot;)?([0-9a-f-]+)(?:\"|&quot;)?</ETag>.*?</Part>", Pattern.DOTALL);
    private static final int BUFFER = 1 << 17;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "counting-s3");
        thread.setDaemon(true);
        return thread;
    });
    private final boolean hashes;
    private final Map<Integer, Part> parts = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicInteger toRefuse = new AtomicInteger();
    private volatile boolean wantsEqualParts;
    private volatile boolean open;
    private volatile List<Part> object = List.of();

    /**
     * A part as it came.
     *
     * @param eTag its MD5, or a text of no meaning where nothing is hashed
     */
    public record Part(long size, String eTag) {}

    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile Duration completing = Duration.ZERO;

    private CountingS3(HttpServer server, boolean hashes) {
        this.server = server;
        this.hashes = hashes;
    }

    /** Starts it on a free port; hashing costs more than all else that it does. */
    public static CountingS3 start(boolean hashes) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountingS3 counting = new CountingS3(server, hashes);
        server.createContext("/", counting::handle);
        server.setExecutor(counting.threads);
        server.start();
        return counting;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Refuses the next parts, as a server with a fault of its own. */
    public void refuseParts(int count) {
        toRefuse.set(count);
    }

    /** As Cloudflare R2, from now on. */
    public void wantEqualParts() {
        wantsEqualParts = true;
    }

    /** Takes this long over each object that is made of parts, and is then done with it. */
    public void takeOverCompleting(Duration time) {
        completing = time;
    }

    /** What has happened to uploads, in its order: {@code completing}, {@code completed}, {@code aborted}. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** The parts of the object that was completed last; one for an object that came by one request. */
    public List<Part> object() {
        return object;
    }

    /** Whether an upload was begun, and neither completed nor aborted. */
    public boolean hasOpenUpload() {
        return open;
    }

    /** How many parts came at once, at most. */
    public int mostUnderWay() {
        return mostUnderWay.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery() == null
                ? ""
                : exchange.getRequestURI().getRawQuery();
        try (exchange) {
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, query);
                case "POST" -> post(exchange, query);
                case "DELETE" -> {
                    if (query.contains("uploadId=")) {
                        open = false;
                        events.add("aborted");
                    }
                    answer(exchange, 204, "");
                }
                case "GET" -> answer(exchange, 200, "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
                default -> answer(exchange, 200, "");
            }
        }
    }

    private void put(HttpExchange exchange, String query) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        Part part;
        try {
            part = read(exchange);
        } finally {
            underWay.decrementAndGet();
        }
        Matcher number = NUMBER.matcher(query);
        if (!number.find()) {
            object = List.of(part);
            tag(exchange, part.eTag());
        } else if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer(exchange, 500, error("InternalError"));
        } else {
            parts.put(Integer.parseInt(number.group(1)), part);
            tag(exchange, part.eTag());
        }
    }

    private Part read(HttpExchange exchange) throws IOException {
        MessageDigest md5 = md5();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        InputStream body = exchange.getRequestBody();
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            size += count;
            if (hashes) {
                md5.update(buffer, 0, count);
            }
        }
        return new Part(size, hashes ? HexFormat.of().formatHex(md5.digest()) : String.format("%032x", size));
    }

    private void post(HttpExchange exchange, String query) throws IOException {
        if (!query.contains("uploadId=")) {
            parts.clear();
            open = true;
            answer(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>");
            return;
        }
        List<String> named = PART.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<Part> all = new ArrayList<>(new TreeMap<>(parts).values());
        boolean same = named.equals(all.stream().map(Part::eTag).toList());
        boolean equal = all.subList(0, Math.max(0, all.size() - 1)).stream()
                .allMatch(part -> part.size() == all.get(0).size());
        if (!same || wantsEqualParts && !equal) {
            answer(exchange, 400, error("InvalidPart"));
            return;
        }
        events.add("completing");
        pause();
        events.add("completed");
        open = false;
        object = List.copyOf(all);
        answer(
                exchange,
                200,
                "<CompleteMultipartUploadResult><ETag>\"" + eTag(all) + "\"</ETag></CompleteMultipartUploadResult>");
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(completing.toMillis());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String eTag(List<Part> all) {
        MessageDigest md5 = md5();
        all.forEach(part -> md5.update(HexFormat.of().parseHex(part.eTag())));
        return HexFormat.of().formatHex(md5.digest()) + "-" + all.size();
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void tag(HttpExchange exchange, String eTag) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"" + eTag + "\"");
        answer(exchange, 200, "");
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>refused</Message></Error>";
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
