package dev.bactrian.store;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

/**
 * How often a client has asked to begin an upload in parts. One whose answer was lost has begun at the server, where nobody knows
 * its number: the SDK asks again, completes the second, and leaves the first.
 */
final class BegunUploads implements ExecutionInterceptor {

    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (context.request() instanceof CreateMultipartUploadRequest) {
            asked.incrementAndGet();
        }
    }

    /** Whether there may be one. */
    boolean any() {
        return asked.get() > 0;
    }

    /** Whether there may be others than the one that was completed. */
    boolean mayBeOthers() {
        return asked.get() > 1;
    }
}
