package dev.bactrian.testing.stores;

import dev.bactrian.testing.keys.Certificates;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/**
 * A way to a real S3 server on which that becomes another one: it refuses what another server or a policy refuses, in its words
 * (Amazon S3 API reference, "Error responses"), says on HEAD how an object was stored, has a certificate, or a clock of its own.
 */
public final class S3Gateway implements AutoCloseable {

    /** Of one hop only (RFC 9110, 7.6.1), or written by the sender itself. */
    private static final Set<String> OF_THE_HOP = Set.of(
            "connection",
            "transfer-encoding",
            "content-length",
            "date",
            "expect",
            "keep-alive",
            "upgrade",
            "http2-settings");

    private static final Set<String> OPTIONS = Set.of(
            "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-storage-class");

    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private final HttpServer server;
    private final String scheme;
    private final HttpHost target;
    private final Vertx vertx = Vertx.vertx();
    private final CloseableHttpClient client = HttpClients.custom()
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableContentCompression()
            .build();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, String>> stored = new ConcurrentHashMap<>();
    private volatile Duration clock = Duration.ZERO;
    private volatile boolean keepsOptions;

    private record Rule(Predicate<Request> which, int status, String code, String message, String page) {

        Rule(Predicate<Request> which, int status, String code, String message) {
            this(which, status, code, message, null);
        }
    }

    /** So many more answers are changed so. */
    private record Change(Predicate<Request> which, UnaryOperator<byte[]> how, AtomicInteger left) {}

    /** What a client asks for; header names in small letters. */
    public record Request(String method, String path, String query, Map<String, String> headers) {

        /** Whether it has a header with that in its name or its value. */
        public boolean says(String text) {
            return headers.entrySet().stream()
                    .anyMatch(header -> (header.getKey() + ": " + header.getValue()).contains(text));
        }

        public boolean asks(String parameter) {
            return ("&" + query).contains("&" + parameter);
        }

        private static Request of(HttpServerRequest request) {
            Map<String, String> headers = new ConcurrentHashMap<>();
            request.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            String query = request.query();
            return new Request(request.method().name(), request.path(), query == null ? "" : query, headers);
        }
    }

    private S3Gateway(URI target, Certificates certificate) {
        this.scheme = certificate == null ? "http" : "https";
        this.target = new HttpHost(target.getScheme(), target.getHost(), target.getPort());
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setHandle100ContinueAutomatically(true)
                // Its requests have no Host header, which signatures cover.
                .setHttp2ClearTextEnabled(false);
        if (certificate != null) {
            options.setSsl(true).setKeyCertOptions(certificate.keys());
        }
        this.server = await(vertx.createHttpServer(options)
                .requestHandler(request -> request.body()
                        .onSuccess(body -> vertx.executeBlocking(
                                () -> {
                                    handle(request, body.getBytes());
                                    return null;
                                },
                                false)))
                .listen());
    }

    public static S3Gateway to(TestStore store) {
        return new S3Gateway(store.endpoint(), null);
    }

    /** One that speaks TLS alone. */
    public static S3Gateway to(TestStore store, Certificates certificate) {
        return new S3Gateway(store.endpoint(), certificate);
    }

    public URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + server.actualPort());
    }

    public int port() {
        return server.actualPort();
    }

    /** Refuses requests from now on; the message may be null, as servers leave it out. */
    public void refuse(Predicate<Request> which, int status, String code, String message) {
        rules.add(new Rule(which, status, code, message == null ? "" : message));
    }

    /** Answers with a page of a proxy's from now on, which isn't the server's word. */
    public void answerByPage(Predicate<Request> which, int status, String page) {
        rules.add(new Rule(which, status, "", "", page));
    }

    /** Changes what the next so many answers hold, on their way. */
    public void change(Predicate<Request> which, int times, UnaryOperator<byte[]> how) {
        changes.add(new Change(which, how, new AtomicInteger(times)));
    }

    public void refuseNothing() {
        rules.clear();
        changes.clear();
    }

    /** Does what a script says from now on, and nothing that was said before; no request comes between the two. */
    public void doOnly(Consumer<S3Gateway> script) {
        List<Rule> formerRules = List.copyOf(rules);
        List<Change> formerChanges = List.copyOf(changes);
        script.accept(this);
        rules.removeAll(formerRules);
        changes.removeAll(formerChanges);
    }

    /** Says on HEAD what objects were asked to be stored with, as if that had been done. */
    public void keepOptions() {
        keepsOptions = true;
    }

    /** Sets the clock so far from this machine's; requests by another time are refused as S3 refuses them. */
    public void setClock(Duration offset) {
        clock = offset;
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest incoming, byte[] body) throws IOException {
        Request request = Request.of(incoming);
        Rule rule = judged(request);
        if (rule != null) {
            refuse(incoming, rule);
            return;
        }
        if (!"GET".equals(request.method()) && !"HEAD".equals(request.method())) {
            note(request);
        }
        forward(incoming, request, body);
    }

    private Rule judged(Request request) {
        Rule late = judgedByTime(request);
        return late != null
                ? late
                : rules.stream()
                        .filter(rule -> rule.which().test(request))
                        .findFirst()
                        .orElse(null);
    }

    private Rule judgedByTime(Request request) {
        Map<String, String> query = parameters(request.query());
        String signed = query.getOrDefault("X-Amz-Date", request.headers().get("x-amz-date"));
        if (signed == null) {
            return null;
        }
        Instant at =
                Instant.from(DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").parse(signed));
        Duration ahead = Duration.between(Instant.now().plus(clock), at);
        if (query.containsKey("X-Amz-Date")) {
            Duration lifetime = Duration.ofSeconds(Long.parseLong(query.get("X-Amz-Expires")));
            boolean good = ahead.compareTo(MOST_SKEW) <= 0 && ahead.negated().compareTo(lifetime) <= 0;
            return good ? null : new Rule(any -> true, 403, "AccessDenied", "Request has expired");
        }
        return ahead.abs().compareTo(MOST_SKEW) <= 0
                ? null
                : new Rule(any -> true, 403, "RequestTimeTooSkewed", "The difference is too large.");
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new ConcurrentHashMap<>();
        for (String pair : query.split("&")) {
            String[] halves = pair.split("=", 2);
            parameters.put(halves[0], halves.length == 1 ? "" : halves[1]);
        }
        return parameters;
    }

    private void note(Request request) {
        if (request.asks("partNumber") || request.asks("uploadId")) {
            return;
        }
        Map<String, String> options = new ConcurrentHashMap<>(request.headers());
        options.keySet().retainAll(OPTIONS);
        stored.put(request.path(), options);
    }

    private void refuse(HttpServerRequest incoming, Rule rule) {
        if (rule.page() != null) {
            incoming.response().putHeader("Content-Type", "text/html");
            answer(incoming, rule.status(), rule.page().getBytes(StandardCharsets.UTF_8));
            return;
        }
        String message = rule.message().isEmpty() ? "" : "<Message>" + rule.message() + "</Message>";
        byte[] text = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + rule.code() + "</Code>" + message
                        + "<RequestId>tx1</RequestId></Error>")
                .getBytes(StandardCharsets.UTF_8);
        incoming.response().putHeader("Content-Type", "application/xml");
        answer(incoming, rule.status(), text);
    }

    private void answer(HttpServerRequest incoming, int status, byte[] content) {
        HttpServerResponse response = incoming.response().setStatusCode(status);
        response.putHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plus(clock).atOffset(ZoneOffset.UTC)));
        if ("HEAD".equals(incoming.method().name())) {
            response.end();
        } else {
            response.end(Buffer.buffer(content));
        }
    }

    private void forward(HttpServerRequest incoming, Request request, byte[] body) throws IOException {
        HttpUriRequestBase onwards = new HttpUriRequestBase(
                request.method(),
                URI.create(request.path() + (request.query().isEmpty() ? "" : "?" + request.query())));
        request.headers().forEach((name, value) -> {
            if (!OF_THE_HOP.contains(name) && !"content-type".equals(name)) {
                onwards.addHeader(name, value);
            }
        });
        String type = request.headers().get("content-type");
        if (body.length > 0 || "PUT".equals(request.method()) || "POST".equals(request.method())) {
            onwards.setEntity(new ByteArrayEntity(body, type == null ? null : ContentType.parse(type)));
        }
        client.execute(target, onwards, answer -> {
            MultiMap headers = incoming.response().headers();
            for (var header : answer.getHeaders()) {
                if (!OF_THE_HOP.contains(header.getName().toLowerCase(Locale.ROOT))) {
                    headers.add(header.getName(), header.getValue());
                }
            }
            if ("HEAD".equals(request.method())) {
                if (keepsOptions) {
                    stored.getOrDefault(request.path(), Map.of()).forEach(headers::set);
                }
                if (answer.containsHeader("Content-Length")) {
                    headers.set(
                            "Content-Length",
                            answer.getFirstHeader("Content-Length").getValue());
                }
            }
            HttpEntity entity = answer.getEntity();
            answer(
                    incoming,
                    answer.getCode(),
                    changed(request, entity == null ? new byte[0] : EntityUtils.toByteArray(entity)));
            return null;
        });
    }

    private byte[] changed(Request request, byte[] content) {
        byte[] changed = content;
        for (Change change : changes) {
            if (change.which().test(request) && change.left().getAndDecrement() > 0) {
                changed = change.how().apply(changed);
            }
        }
        return changed;
    }

    @Override
    public void close() {
        await(server.close());
        await(vertx.close());
        client.close(CloseMode.IMMEDIATE);
    }
}
