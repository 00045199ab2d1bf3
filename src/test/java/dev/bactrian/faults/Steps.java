package dev.bactrian.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * The steps of the routes as shipped, of which a test makes some fail, or does something just before them. Whatever
 * fails that way fails as the step itself: under its id, before its error handler.
 */
public final class Steps implements InterceptStrategy {

    /** Thrown by a step that a test made fail. */
    static final String SCRIPTED = "scripted failure";

    private final CamelContext context;
    private final Map<String, Step> all = new LinkedHashMap<>();
    private final Map<String, Action> actions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();

    /** A step of a route: its id, its route, and how the route tells it. */
    record Step(String id, String route, NamedNode node) {

        @Override
        public String toString() {
            return id + " in " + route + ": " + node.getLabel();
        }
    }

    /** What happens in place of, or before, a step. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private Steps(CamelContext context) {
        this.context = context;
    }

    /** Builds the routes again, with all their steps in view. */
    static Steps watch(CamelContext context, List<String> routes) {
        Steps steps = new Steps(context);
        context.getCamelContextExtension().addInterceptStrategy(steps);
        routes.forEach(route -> steps.rebuild(route, null));
        return steps;
    }

    /** Builds one more route again, with its steps in view. */
    void watch(String route) {
        rebuild(route, null);
    }

    /** Makes a route that waits for a timer run at once, and again soon. */
    void hurry(String route) {
        rebuild(route, "timer:" + route + "-soon?delay=0&period=150");
    }

    private void rebuild(String route, String from) {
        try {
            AdviceWith.adviceWith(context, route, advice -> {
                if (from != null) {
                    advice.replaceFromWith(from);
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** All steps of the routes in view, in the order of the routes. */
    List<Step> all() {
        synchronized (all) {
            return new ArrayList<>(all.values());
        }
    }

    /** From now on the step does this first, and fails when this does; another action takes its place. */
    void before(String step, Action action) {
        actions.put(step, action);
    }

    /** From now on the step fails each time. */
    void fail(String step) {
        before(step, () -> {
            throw new IllegalStateException(SCRIPTED);
        });
    }

    /** The next time the step begins it does this first; later no more. */
    public void once(String step, Action action) {
        before(step, () -> {
            actions.remove(step);
            action.run();
        });
    }

    /** All steps do again what they are there for, and nothing else; their counts begin at 0. */
    public void reset() {
        actions.clear();
        begun.clear();
    }

    /** How often a step has begun since {@link #reset}. */
    public int begun(String step) {
        AtomicInteger count = begun.get(step);
        return count == null ? 0 : count.get();
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode node, Processor target, Processor nextTarget) {
        String id = node.getId();
        synchronized (all) {
            all.put(id, new Step(id, route(node), node));
        }
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                begun.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
                Action action = actions.get(id);
                if (action != null) {
                    try {
                        action.run();
                    } catch (Throwable e) {
                        exchange.setException(e);
                        callback.done(true);
                        return true;
                    }
                }
                return super.process(exchange, callback);
            }
        };
    }

    private static String route(NamedNode node) {
        NamedNode at = node;
        while (!(at instanceof RouteDefinition) && at.getParent() != null) {
            at = at.getParent();
        }
        return at.getId();
    }
}
