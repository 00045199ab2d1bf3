package dev.bactrian.http.security;

import dev.bactrian.http.api.ApiProblem;
import dev.bactrian.http.api.FunctionError;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gate answers itself: problem details, and below {@code /functions/v1} what callers of such functions know. */
final class GateResponses {

    private static final Logger LOG = LoggerFactory.getLogger(GateResponses.class);

    static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private static final String FUNCTIONS = "/functions/v1/";

    static final ApiProblem UNKNOWN_CALLER = new ApiProblem(
            UNAUTHORIZED,
            "unauthorized",
            "The API key is missing or wrong",
            "Send the header Authorization: Bearer followed by the service's BACKUP_API_KEY.");
    static final ApiProblem GITHUB_OFF = new ApiProblem(
            FORBIDDEN,
            "github-off",
            "GitHub's webhooks are off",
            "GITHUB_WEBHOOK_SECRET is not set. Set it, restart the service, and set the webhook's secret on GitHub to "
                    + "the same value.");
    static final ApiProblem LINK_ENDED = new ApiProblem(
            FORBIDDEN,
            "link-ended",
            "The link doesn't work",
            "It has expired, or was changed on its way. Create another one: on the page, or by POST "
                    + "/api/backups/{id}/download-url.");
    static final ApiProblem RESTORES_OFF = new ApiProblem(
            FORBIDDEN,
            "restores-off",
            "Restores over HTTP are off",
            "RESTORE_API_KEY is not set. Set it, restart the service, and send that key; or restore with ./bactrian "
                    + "restore.");
    static final ApiProblem RESTORE_FORBIDDEN = new ApiProblem(
            FORBIDDEN,
            "restore-forbidden",
            "This key may not restore",
            "Send the header Authorization: Bearer followed by the service's RESTORE_API_KEY.");

    static final ApiProblem UPLOAD = new ApiProblem(
            UNSUPPORTED_TYPE,
            "unsupported-media-type",
            "The body must be JSON",
            "Send the header Content-Type: application/json, or no body.");
    static final ApiProblem DELIVERIES_BUSY = new ApiProblem(
            UNAVAILABLE,
            "too-many-deliveries",
            "Too many deliveries at once",
            "The service takes " + Deliveries.AT_ONCE + " at a time. Redeliver this one in "
                    + Deliveries.RETRY_AFTER_SECONDS + " seconds.");
    static final ApiProblem DELIVERY_SLOW = new ApiProblem(
            TIMEOUT,
            "request-timeout",
            "The delivery was too slow",
            "Send all of it within " + Deliveries.LONGEST.toSeconds() + " seconds, as GitHub does.");

    private GateResponses() {}

    static ApiProblem notFound(RoutingContext context) {
        return new ApiProblem(
                NOT_FOUND,
                "not-found",
                "Not found",
                "Nothing answers " + context.request().method() + " on this path. /openapi.yaml lists the paths and "
                        + "their methods.");
    }

    static ApiProblem tooLarge(long largest) {
        return new ApiProblem(TOO_LARGE, "too-large", "The body is too large", "Send at most " + largest + " bytes.");
    }

    /** Answers what no route has seen. */
    static void answerUnreadable(RoutingContext context) {
        answer(context, invalid(BAD_REQUEST));
    }

    static void answerFailure(RoutingContext context) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (context.response().headWritten()) {
            // In the middle of an answer: whoever reads it must not take what there is of it for all.
            context.response().reset();
            return;
        }
        int status = context.statusCode();
        if (status == TOO_LARGE) {
            answer(context, tooLarge(ApiKeyGate.LARGEST_BODY));
        } else if (status >= BAD_REQUEST && status < SERVER_ERROR) {
            answer(context, invalid(status));
        } else {
            LOG.warn("A request could not be answered", context.failure());
            answer(
                    context,
                    new ApiProblem(
                            SERVER_ERROR,
                            "internal-error",
                            "The request failed",
                            "Nothing was changed. See the service's log from that time."));
        }
    }

    static void answer(RoutingContext context, ApiProblem problem) {
        context.response().setStatusCode(problem.status());
        // A path that can't be read has no normal form.
        String path = context.request().path();
        if (path != null && path.startsWith(FUNCTIONS)) {
            FunctionError known = problem == UNKNOWN_CALLER
                    ? new FunctionError("Invalid API key", problem.code(), null, problem.detail())
                    : FunctionError.of(problem);
            context.response()
                    .putHeader("Content-Type", FunctionError.CONTENT_TYPE)
                    .end(known.json());
        } else {
            context.response()
                    .putHeader("Content-Type", ApiProblem.CONTENT_TYPE)
                    .end(problem.json());
        }
    }

    private static ApiProblem invalid(int status) {
        return new ApiProblem(status, "bad-request", "The request isn't valid", "See /openapi.yaml.");
    }
}
