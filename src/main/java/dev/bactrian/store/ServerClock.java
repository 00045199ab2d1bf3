package dev.bactrian.store;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * How far the S3 server's clock is from this machine's, by the Date header of its answers (RFC 9110, 6.6.1). The SDK corrects
 * requests by itself; what is signed without a request, a link, it doesn't.
 */
final class ServerClock implements ExecutionInterceptor {

    private volatile @Nullable Duration offset;

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse().firstMatchingHeader("Date").ifPresent(this::note);
    }

    private void note(String date) {
        try {
            Instant there = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            offset = Duration.between(Instant.now(), there);
        } catch (DateTimeException e) {
            // Not a date: what was known before holds.
        }
    }

    /** What to add to this machine's time to get the server's; null while no answer has said. */
    @Nullable
    Duration offset() {
        return offset;
    }
}
