package dev.bactrian.store;

import dev.bactrian.run.CurrentRun;
import dev.bactrian.run.StoppableRun;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * Patience with a store that takes fewer requests than it gets: what it refuses for that (503, 429 and their error codes; Amazon
 * S3 User Guide, "Optimizing Amazon S3 performance") is sent again for minutes, after pauses that grow and differ; a longer pause
 * that it asks for (Retry-After) is kept. All other failures are tried again as the SDK does. What has no run to stop it, such as
 * a request of the API, waits less.
 */
final class Throttling implements RetryStrategy {

    /** From the first refusal on, for each request. */
    static final Duration OF_RUNS = Duration.ofMinutes(5);

    static final Duration OTHERWISE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Throttling.class);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int BANDWIDTH_LIMIT = 509;

    /** What servers of other makers say; {@link SdkServiceException#isThrottlingException} knows Amazon's. */
    private static final Set<String> CODES = Set.of(
            "TooManyRequests", "ServerBusy", "ServiceUnavailable", "SlowDownRead", "SlowDownWrite", "RequestLimited");

    private static final BackoffStrategy PAUSES =
            BackoffStrategy.exponentialDelayHalfJitter(Duration.ofMillis(250), Duration.ofSeconds(20));

    private final RetryStrategy others = AwsRetryStrategy.defaultRetryStrategy();
    private final Duration ofRuns;
    private final Duration otherwise;
    private final @Nullable StoppableRun run;

    /** For requests that their thread waits for: pauses end when the thread's run is stopped. */
    Throttling(Duration ofRuns, Duration otherwise) {
        this(ofRuns, otherwise, null);
    }

    /** For requests of one run that threads of the SDK wait for: whoever stops the run cancels them. */
    Throttling(StoppableRun run) {
        this(OF_RUNS, OTHERWISE, run);
    }

    private Throttling(Duration ofRuns, Duration otherwise, @Nullable StoppableRun run) {
        this.ofRuns = ofRuns;
        this.otherwise = otherwise;
        this.run = run;
    }

    /**
     * What one request has gone through.
     *
     * @param refused how often it was throttled
     * @param since when it was first, as {@link System#nanoTime}
     */
    private record Token(RetryToken ofOthers, int refused, long since) implements RetryToken {}

    /** Whether a store says that it gets too many requests. */
    static boolean isThrottled(Throwable failure) {
        if (!(failure instanceof SdkServiceException answer)) {
            return false;
        }
        String code = answer instanceof AwsServiceException known && known.awsErrorDetails() != null
                ? String.valueOf(known.awsErrorDetails().errorCode())
                : "";
        return answer.isThrottlingException()
                || answer.statusCode() == UNAVAILABLE
                || answer.statusCode() == TOO_MANY_REQUESTS
                || answer.statusCode() == BANDWIDTH_LIMIT
                || CODES.contains(code);
    }

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        AcquireInitialTokenResponse begun = others.acquireInitialToken(request);
        return AcquireInitialTokenResponse.create(new Token(begun.token(), 0, 0), begun.delay());
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        Token token = (Token) request.token();
        StoppableRun waits = run == null ? CurrentRun.get() : run;
        if (!isThrottled(request.failure()) || waits != null && waits.isStopped()) {
            RefreshRetryTokenResponse again = others.refreshRetryToken(
                    request.toBuilder().token(token.ofOthers()).build());
            return RefreshRetryTokenResponse.create(
                    new Token(again.token(), token.refused(), token.since()), again.delay());
        }
        long now = System.nanoTime();
        Token next = new Token(token.ofOthers(), token.refused() + 1, token.refused() == 0 ? now : token.since());
        Duration longest = waits == null ? otherwise : ofRuns;
        Duration pause = pause(request, next.refused());
        if (Duration.ofNanos(now - next.since()).plus(pause).compareTo(longest) > 0) {
            throw gaveUp(longest, next, request);
        }
        if (token.refused() == 0) {
            LOG.warn("The S3 server accepts no more requests now; retrying for up to {} s", longest.toSeconds());
        }
        if (waits == null || run != null) {
            if (waits != null) {
                waits.getProgress().alive();
            }
            return RefreshRetryTokenResponse.create(next, pause);
        }
        await(waits, pause, next, request);
        return RefreshRetryTokenResponse.create(next, Duration.ZERO);
    }

    private static Duration pause(RefreshRetryTokenRequest request, int refused) {
        Duration own = PAUSES.computeDelay(refused + 1);
        Duration asked =
                request.suggestedDelay().or(() -> retryAfter(request.failure())).orElse(Duration.ZERO);
        return asked.compareTo(own) > 0 ? asked : own;
    }

    /** Seconds (RFC 9110, 10.2.3); a date says nothing without the server's clock. */
    private static Optional<Duration> retryAfter(Throwable failure) {
        return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                ? Optional.ofNullable(answer.awsErrorDetails().sdkHttpResponse())
                        .flatMap(response -> response.firstMatchingHeader("Retry-After"))
                        .filter(seconds -> seconds.matches("\\d{1,6}"))
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                : Optional.empty();
    }

    private static void await(StoppableRun waits, Duration pause, Token token, RefreshRetryTokenRequest request) {
        if (!waits.pause(pause)) {
            throw new TokenAcquisitionFailedException("the run was stopped", token, request.failure());
        }
    }

    private static TokenAcquisitionFailedException gaveUp(
            Duration longest, Token token, RefreshRetryTokenRequest request) {
        LOG.warn("The S3 server accepted no request for {} s; giving up", longest.toSeconds());
        return new TokenAcquisitionFailedException("throttled for too long", token, request.failure());
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        RecordSuccessResponse recorded =
                others.recordSuccess(RecordSuccessRequest.create(((Token) request.token()).ofOthers()));
        return RecordSuccessResponse.create(new Token(recorded.token(), 0, 0));
    }

    /** What the SDK tells servers; time limits those that are throttled. */
    @Override
    public int maxAttempts() {
        return others.maxAttempts();
    }

    @Override
    public boolean useClientDefaults() {
        return false;
    }

    @Override
    public Builder<?, ?> toBuilder() {
        throw new UnsupportedOperationException("it is used as it is");
    }
}
