package dev.bactrian.run;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Which backup or restore the step belongs to that this thread works on: for what is deep inside a library, has to wait there,
 * and must end when the run is stopped. Steps of routes that were called without the property {@code run} belong to their
 * caller's.
 */
public final class CurrentRun implements InterceptStrategy {

    private static final ThreadLocal<@Nullable StoppableRun> OF_THREAD = new ThreadLocal<>();

    /** Null in a thread that works for none. */
    public static @Nullable StoppableRun get() {
        return OF_THREAD.get();
    }

    /** A task that works for a run, for a thread that otherwise works for none. */
    static Runnable in(StoppableRun run, Runnable task) {
        return () -> {
            OF_THREAD.set(run);
            try {
                task.run();
            } finally {
                OF_THREAD.remove();
            }
        };
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, @Nullable Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!(exchange.getProperty("run") instanceof StoppableRun run)) {
                    return super.process(exchange, callback);
                }
                StoppableRun before = OF_THREAD.get();
                OF_THREAD.set(run);
                try {
                    return super.process(exchange, callback);
                } finally {
                    if (before == null) {
                        OF_THREAD.remove();
                    } else {
                        OF_THREAD.set(before);
                    }
                }
            }
        };
    }
}
