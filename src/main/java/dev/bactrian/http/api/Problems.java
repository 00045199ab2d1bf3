package dev.bactrian.http.api;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.backup.OtherRequestException;
import dev.bactrian.backup.QueueFullException;
import dev.bactrian.check.CheckRunningException;
import dev.bactrian.problem.ErrorTranslators;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Turns an exception into the answer that the caller gets. */
public final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;
    private static final int RETRY_AFTER_SECONDS = 60;
    private static final int SERVER_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;

    /** Unless a route has set the property "consequence". */
    private static final String UNCHANGED = "Nothing was changed.";

    private final ErrorTranslators translators;

    public Problems(ErrorTranslators translators) {
        this.translators = translators;
    }

    /** Makes the exception that was caught the response. */
    @Handler
    public void answer(Exchange exchange) {
        ApiProblem problem = caught(exchange);
        answer(exchange, problem.status(), ApiProblem.CONTENT_TYPE, problem.json());
    }

    /** The same for a caller that has shown a link alone: what went wrong here is in the log. */
    public void answerLink(Exchange exchange) {
        ApiProblem problem = caught(exchange);
        String detail = problem.status() >= SERVER_ERROR
                ? "The archive can't be read at the moment. Try again later; the service's log has the reason."
                : problem.detail();
        answer(
                exchange,
                problem.status(),
                ApiProblem.CONTENT_TYPE,
                new ApiProblem(problem.status(), problem.code(), problem.title(), detail).json());
    }

    /** The same in the form that callers of {@code /functions/v1} know. */
    public void answerFunction(Exchange exchange) {
        ApiProblem problem = caught(exchange);
        answer(
                exchange,
                problem.status(),
                FunctionError.CONTENT_TYPE,
                FunctionError.of(problem).json());
    }

    private ApiProblem caught(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String consequence = exchange.getProperty("consequence", UNCHANGED, String.class);
        ApiProblem problem = problem(caught, consequence);
        if (problem.status() >= SERVER_ERROR) {
            LOG.warn("Answered {}: {}", problem.status(), problem.detail());
            LOG.debug("The cause", caught);
        }
        return problem;
    }

    private static void answer(Exchange exchange, int status, String type, String body) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, type);
        if (status == TOO_MANY) {
            message.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        message.setBody(body);
    }

    private ApiProblem problem(Throwable caught, String consequence) {
        if (caught instanceof ApiException known) {
            return known.problem();
        }
        if (caught instanceof BackupsDisabledException disabled) {
            return new ApiProblem(
                    CONFLICT, "backups-disabled", "Backups are disabled", String.valueOf(disabled.getMessage()));
        }
        if (caught instanceof OtherRequestException other) {
            return new ApiProblem(
                    UNPROCESSABLE,
                    "dispatch-id-used",
                    "The dispatch id belongs to another request",
                    String.valueOf(other.getMessage()));
        }
        if (caught instanceof QueueFullException full) {
            return new ApiProblem(TOO_MANY, "queue-full", "The queue is full", String.valueOf(full.getMessage()));
        }
        if (caught instanceof CheckRunningException running) {
            return new ApiProblem(
                    CONFLICT,
                    "check-running",
                    "A check is already running",
                    running.getMessage() + " Try again in half a minute.");
        }
        if (caught instanceof ThrottlerRejectedExecutionException) {
            return new ApiProblem(
                    TOO_MANY,
                    "rate-limited",
                    "Too many requests",
                    "There were more requests within a minute than BACKUP_RATE_LIMIT allows. Nothing was queued or "
                            + "sent. Try again in a minute.");
        }
        DamagedArchiveException damaged = ObjectHelper.getException(DamagedArchiveException.class, caught);
        if (damaged != null) {
            return RecordedArchives.changed("The stored data can't be read: " + damaged.getMessage() + ".")
                    .problem();
        }
        String detail = translators.explain(caught, null).meaning(consequence).text();
        if (caught instanceof DataAccessException) {
            return new ApiProblem(
                    UNAVAILABLE, "control-database-unavailable", "The control database can't be used", detail);
        }
        if (translators.isOfStore(caught)) {
            return new ApiProblem(
                    BAD_GATEWAY, "store-failed", "The store refused the request, or can't be reached", detail);
        }
        return new ApiProblem(SERVER_ERROR, "internal-error", "The request failed", detail);
    }
}
