package dev.bactrian.http.security;

import dev.bactrian.config.Settings;
import dev.bactrian.http.api.ServiceResponses;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of every HTTP route: lets nobody pass who doesn't show the API key, whatever routes there are, and
 * answers what no route does. Without a key nobody passes. Restores are only begun and stopped by whoever shows a key of their
 * own, which opens everything else, too. GitHub's deliveries and links to archives show a signature in place of a key.
 * The page is open: it shows nothing that its user's key doesn't let it ask for.
 */
public final class ApiKeyGate implements Handler<RoutingContext> {

    /** Bytes of a request's body: none of the API's is larger than a few hundred. */
    public static final long LARGEST_BODY = 65_536;

    private static final String GITHUB = "/hooks/github";
    private static final Set<String> OPEN = Set.of("/openapi.yaml");
    /**
     * All that routes get to see of a request's headers. Camel makes no difference between a header, a query parameter
     * and a path parameter of one name, and some headers steer its components. The key isn't in here: what never enters
     * a route is never logged by one.
     */
    static final Set<String> PASSED_ON =
            Set.of("accept", "connection", "content-length", "content-type", "expect", "host", "transfer-encoding");

    private static final Set<String> OF_FILES =
            Set.of("accept-encoding", "connection", "content-length", "host", "if-none-match", "transfer-encoding");

    private static final Set<String> OF_DOWNLOADS =
            Set.of("connection", "content-length", "host", "if-range", "range", "transfer-encoding");

    static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Pattern RESTORING = Pattern.compile("/api/restores(/.*)?");

    private static final int FIRST = -1000;

    private final byte @Nullable [] keyHash;
    private final byte @Nullable [] restoreKeyHash;
    private final DownloadLinks links;
    private final Deliveries deliveries;
    private final Cors cors;

    private ApiKeyGate(
            @Nullable String apiKey,
            @Nullable String restoreKey,
            DownloadLinks links,
            Deliveries deliveries,
            Cors cors) {
        this.links = links;
        this.keyHash = apiKey == null ? null : sha256(apiKey);
        this.restoreKeyHash = restoreKey == null ? null : sha256(restoreKey);
        this.deliveries = deliveries;
        this.cors = cors;
    }

    /** A gate that opens to the keys of these settings. */
    public static ApiKeyGate of(Settings settings) {
        return new ApiKeyGate(
                settings.apiKey(),
                settings.restoreKey(),
                new DownloadLinks(settings),
                new Deliveries(settings.github().secret()),
                new Cors(settings.functions().corsOrigins()));
    }

    /** Puts the gate before all routes of a server, and its own answers behind them. */
    public void install(Router router) {
        cors.install(router, FIRST - 1);
        router.route("/*").order(FIRST).handler(this).failureHandler(GateResponses::answerFailure);
        router.route("/*").last().handler(context -> GateResponses.answer(context, GateResponses.notFound(context)));
    }

    /** Makes a server answer requests that reach no route at all, such as one with a broken path, as it answers others. */
    public static void answerUnroutable(Router server) {
        server.errorHandler(GateResponses.BAD_REQUEST, GateResponses::answerUnreadable);
    }

    @Override
    public void handle(RoutingContext context) {
        ResponseHeaders.set(context);
        HttpServerRequest request = context.request();
        if (ResponseHeaders.isPage(context)) {
            passOn(request, OF_FILES);
            context.next();
            return;
        }
        if (isDelivery(context)) {
            deliveries.take(context);
            return;
        }
        if (DownloadLinks.lead(context.normalizedPath())) {
            if (links.open(context.normalizedPath())) {
                pass(context, OF_DOWNLOADS, false);
            } else {
                GateResponses.answer(context, GateResponses.LINK_ENDED);
            }
            return;
        }
        byte[] shown = shownKey(request);
        boolean mayRestore = isKey(restoreKeyHash, shown);
        boolean mayPass = isKey(keyHash, shown) || mayRestore;
        if (!OPEN.contains(context.normalizedPath()) && !mayPass) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
            GateResponses.answer(context, GateResponses.UNKNOWN_CALLER);
        } else if (!mayRestore && restores(context)) {
            GateResponses.answer(
                    context, restoreKeyHash == null ? GateResponses.RESTORES_OFF : GateResponses.RESTORE_FORBIDDEN);
        } else {
            pass(context, PASSED_ON, mayRestore);
        }
    }

    private static void pass(RoutingContext context, Set<String> headers, boolean mayRestore) {
        HttpServerRequest request = context.request();
        if (isLarger(request, LARGEST_BODY)) {
            GateResponses.answer(context, GateResponses.tooLarge(LARGEST_BODY));
        } else if (isUpload(request)) {
            GateResponses.answer(context, GateResponses.UPLOAD);
        } else {
            passOn(request, headers);
            // Always: a parameter of that name then makes a list of it, and never stands alone.
            request.headers().set(ServiceResponses.MAY_RESTORE, Boolean.toString(mayRestore));
            context.next();
        }
    }

    private static boolean isDelivery(RoutingContext context) {
        return context.request().method() == HttpMethod.POST
                && context.normalizedPath().equals(GITHUB);
    }

    static void passOn(HttpServerRequest request, Set<String> names) {
        List.copyOf(request.headers().names()).stream()
                .filter(name -> !names.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> request.headers().remove(name));
    }

    /** Hash of the key that a request shows; null when it shows none. */
    private static byte @Nullable [] shownKey(HttpServerRequest request) {
        List<String> values = request.headers().getAll("Authorization");
        if (values.size() != 1 || !values.get(0).regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        return sha256(values.get(0).substring(7).strip());
    }

    private static boolean isKey(byte @Nullable [] hash, byte @Nullable [] shown) {
        // Hashes of one length, compared in constant time: no timing tells how much of a guess was right.
        return hash != null && shown != null && MessageDigest.isEqual(hash, shown);
    }

    /** Whether a request may change what is restored. Reading about it is open to both keys. */
    private static boolean restores(RoutingContext context) {
        HttpMethod method = context.request().method();
        return !READING.contains(method)
                && RESTORING.matcher(context.normalizedPath()).matches();
    }

    /** Vert.x would write its parts to files. */
    private static boolean isUpload(HttpServerRequest request) {
        return request.headers().getAll("Content-Type").stream()
                .anyMatch(type -> type.toLowerCase(Locale.ROOT).contains("multipart/"));
    }

    static boolean isLarger(HttpServerRequest request, long largest) {
        String length = request.getHeader("Content-Length");
        return length != null && length.matches("[0-9]+") && (length.length() > 18 || Long.parseLong(length) > largest);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
