package dev.bactrian.backup;

import dev.bactrian.support.Causes;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Follows failures on their way to the one error handler that marks a backup failed. Which step one came from is
 * remembered: Camel has forgotten it when the failure has left its route or its parallel branch. And no failure stays
 * marked as given up: a multicast, or a handler on the way that has tried again in vain, leaves that mark, and Camel then
 * keeps every other handler from taking it, so that the backup would stay in progress for good.
 */
public final class FailureTrail implements InterceptStrategy {

    private final Map<Throwable, String> stepOf = Collections.synchronizedMap(new WeakHashMap<>());

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, @Nullable Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, done -> {
                    Throwable failure = exchange.getException();
                    if (failure != null) {
                        // Whatever wraps it later: steps around this one find it known already.
                        stepOf.putIfAbsent(Causes.innermost(failure), nameOf(step));
                        forgetOtherHandlers(exchange.getExchangeExtension());
                    }
                    callback.done(done);
                });
            }
        };
    }

    /** Its id; where it has none of its own, what it is and in which route: an id that Camel has counted is found in no file. */
    public static String nameOf(NamedNode step) {
        if (!(step instanceof OptionalIdentifiedDefinition<?> known) || known.hasCustomIdAssigned()) {
            return step.getId();
        }
        String of = step instanceof SetPropertyDefinition property
                ? " " + property.getName()
                : step instanceof SetHeaderDefinition header ? " " + header.getName() : "";
        return step.getShortName() + of + " in " + ProcessorDefinitionHelper.getRouteId(step);
    }

    private static void forgetOtherHandlers(ExchangeExtension exchange) {
        exchange.setRedeliveryExhausted(false);
        exchange.setFailureHandled(false);
        exchange.setErrorHandlerHandled(null);
    }

    /** Name ({@link #nameOf}) of the innermost step that this failure, or what it wraps, came from; null when it came from no step. */
    public @Nullable String of(Throwable failure) {
        return stepOf.get(Causes.innermost(failure));
    }
}
