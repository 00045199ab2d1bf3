package dev.bactrian.security;

import dev.bactrian.web.ApiProblem;
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
 * own, which opens everything else, too.
 */
public final class ApiKeyGate implements Handler<RoutingContext> {

    /** Bytes of a request's body: none of the API's is larger than a few hundred. */
    public static final long LARGEST_BODY = 65_536;

    private static final Set<String> OPEN = Set.of("/", "/openapi.yaml");
    /**
     * All that routes get to see of a request's headers. Camel makes no difference between a header, a query parameter
     * and a path parameter of one name, and some headers steer its components. The key isn't in here: what never enters
     * a route is never logged by one.
     */
    private static final Set<String> PASSED_ON =
            Set.of("accept", "connection", "content-length", "content-type", "expect", "host", "transfer-encoding");

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Pattern RESTORING = Pattern.compile("/api/restores(/.*)?");

    private static final int FIRST = -1000;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private static final ApiProblem RESTORES_OFF = new ApiProblem(
            FORBIDDEN,
            "restores-off",
            "Restores over HTTP are off",
            "No RESTORE_API_KEY is set. Set one, restart the service, and send that key; or restore by ./bactrian restore.");
    private static final ApiProblem RESTORE_FORBIDDEN = new ApiProblem(
            FORBIDDEN,
            "restore-forbidden",
            "This key may not restore",
            "Send the header Authorization: Bearer followed by the service's RESTORE_API_KEY.");

    private final byte @Nullable [] keyHash;
    private final byte @Nullable [] restoreKeyHash;

    /**
     * Prepares the gate.
     *
     * @param apiKey opens all but restores; null for nobody
     * @param restoreKey opens all; null when nobody may restore
     */
    public ApiKeyGate(@Nullable String apiKey, @Nullable String restoreKey) {
        this.keyHash = apiKey == null ? null : sha256(apiKey);
        this.restoreKeyHash = restoreKey == null ? null : sha256(restoreKey);
    }

    /** Puts the gate before all routes of a server, and its own answers behind them. */
    public void install(Router router) {
        router.route("/*").order(FIRST).handler(this).failureHandler(ApiKeyGate::answerFailure);
        router.route("/*")
                .last()
                .handler(context -> answer(
                        context,
                        new ApiProblem(
                                NOT_FOUND,
                                "not-found",
                                "There is no such thing",
                                "Nothing answers " + context.request().method()
                                        + " on this path. See /openapi.yaml for what does.")));
    }

    /** Makes a server answer requests that reach no route at all, such as one with a broken path, as it answers others. */
    public static void answerUnroutable(Router server) {
        server.errorHandler(BAD_REQUEST, context -> answer(context, invalid(BAD_REQUEST)));
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        byte[] shown = shownKey(request);
        boolean mayRestore = isKey(restoreKeyHash, shown);
        boolean mayPass = isKey(keyHash, shown) || mayRestore;
        if (!OPEN.contains(context.normalizedPath()) && !mayPass) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
            answer(
                    context,
                    new ApiProblem(
                            UNAUTHORIZED,
                            "unauthorized",
                            "The API key is missing or wrong",
                            "Send the header Authorization: Bearer followed by the service's BACKUP_API_KEY."));
            return;
        }
        if (!mayRestore && restores(context)) {
            answer(context, restoreKeyHash == null ? RESTORES_OFF : RESTORE_FORBIDDEN);
            return;
        }
        if (tooLarge(request)) {
            answer(context, tooLarge());
            return;
        }
        List.copyOf(request.headers().names()).stream()
                .filter(name -> !PASSED_ON.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> request.headers().remove(name));
        context.next();
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

    private static boolean tooLarge(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null
                && length.matches("[0-9]+")
                && (length.length() > 18 || Long.parseLong(length) > LARGEST_BODY);
    }

    private static ApiProblem tooLarge() {
        return new ApiProblem(
                TOO_LARGE, "too-large", "The body is too large", "Send at most " + LARGEST_BODY + " bytes.");
    }

    private static ApiProblem invalid(int status) {
        return new ApiProblem(status, "bad-request", "The request isn't valid", "See /openapi.yaml.");
    }

    private static void answerFailure(RoutingContext context) {
        if (context.response().ended()) {
            return;
        }
        int status = context.statusCode();
        if (status == TOO_LARGE) {
            answer(context, tooLarge());
        } else if (status >= BAD_REQUEST && status < SERVER_ERROR) {
            answer(context, invalid(status));
        } else {
            answer(
                    context,
                    new ApiProblem(
                            SERVER_ERROR,
                            "internal-error",
                            "The request failed",
                            "Nothing was changed. See the service's log of this time."));
        }
    }

    private static void answer(RoutingContext context, ApiProblem problem) {
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", ApiProblem.CONTENT_TYPE)
                .end(problem.json());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
