package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Printable;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the Storage API's errors mean. Most of them come with HTTP status 400, and their own status as text in the body:
 * {@code {"statusCode":"404","error":"not_found","message":"Object not found"}}. The gateway before it answers in forms of
 * its own.
 */
final class StorageApiErrors {

    private static final Set<Integer> LATER = Set.of(408, 423, 425, 429, 544);
    private static final int SERVER_ERROR = 500;
    private static final int UNAUTHORIZED = 401;
    private static final int PAYMENT = 402;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int PAUSED = 540;

    /** Versions before 2024 gave these the status 400. */
    private static final Pattern KEY =
            Pattern.compile("(?i).*(jwt|signature|invalid api key|no api key|invalid compact jws|jws).*");

    private static final int LONGEST = 200;

    private final URI project;
    private final String keySetting;

    StorageApiErrors(URI project, String keySetting) {
        this.project = project;
        this.keySetting = keySetting;
    }

    /** Not what a Storage API says. */
    ProblemException noStorage() {
        return ProblemException.stopped(
                "The service at " + project + " isn't a project's Storage API.",
                "Set SUPABASE_URL to the project's own address, https://<ref>.supabase.co; the dashboard shows it under "
                        + "Project Settings, Data API.");
    }

    /**
     * The exception for an answer.
     *
     * @param error its body; a missing node when that isn't JSON
     * @throws ProblemException when no file will ever come that way
     */
    IOException failure(int httpStatus, @Nullable String retryAfter, JsonNode error) {
        int status = error.path("statusCode").asInt(httpStatus);
        String said = said(httpStatus, error);
        boolean ofKey = KEY.matcher(error.path("error").asText()
                        + error.path("code").asText()
                        + error.path("message").asText())
                .matches();
        if (status == UNAUTHORIZED
                || status == FORBIDDEN
                || httpStatus == UNAUTHORIZED
                || status < NOT_FOUND && ofKey) {
            throw ProblemException.stopped(
                    "The Storage API of " + project + " refuses the key of " + keySetting + ": " + said + ".",
                    "Set " + keySetting
                            + " to a secret key (sb_secret_…) of this project that is valid; its dashboard shows "
                            + "them under Project Settings, API Keys.");
        }
        if (status == PAYMENT || status == PAUSED || httpStatus == PAUSED) {
            throw ProblemException.stopped(
                    "The project " + project + " doesn't serve files now: " + said + ".",
                    "Check its dashboard: it is paused, or over its plan's limits.");
        }
        if (httpStatus == SERVER_ERROR && error.path("statusCode").asInt() == SERVER_ERROR) {
            // Storage's own words, and not those of what stands before it.
            return BusyException.perhapsLost(said);
        }
        if (status == TOO_MANY
                || httpStatus == TOO_MANY
                || "SlowDown".equals(error.path("code").asText())) {
            return BusyException.throttled(said, wait(retryAfter));
        }
        if (LATER.contains(status) || status >= SERVER_ERROR || httpStatus >= SERVER_ERROR) {
            return new BusyException(said, wait(retryAfter));
        }
        if (status == NOT_FOUND && !error.isObject()) {
            throw noStorage();
        }
        return new RefusedFileException(said);
    }

    private static String said(int httpStatus, JsonNode error) {
        String message = Printable.line(error.path("message").asText(""));
        String shown = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
        String status = error.path("statusCode").asText("");
        String own = status.isEmpty() || status.equals(Integer.toString(httpStatus)) ? "" : ", meaning " + status;
        return "the answer was " + httpStatus + own + (shown.isEmpty() ? "" : " (" + shown + ")");
    }

    /** Seconds, or a time (RFC 9110, 10.2.3). */
    private static @Nullable Duration wait(@Nullable String retryAfter) {
        if (retryAfter == null) {
            return null;
        }
        try {
            return retryAfter.matches("\\d{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(
                                            retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                                    .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
