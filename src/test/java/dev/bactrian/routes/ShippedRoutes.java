package dev.bactrian.routes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Single route files, as shipped. Their queries, and the routes of other files that they call, answer what a test says; what was
 * done is noted in its order: a query by the id of its step, a route by its name.
 */
abstract class ShippedRoutes extends CamelTestSupport {

    static final Processor NOTHING = exchange -> {};

    /** What was done, in its order. */
    final List<String> done = new CopyOnWriteArrayList<>();

    private final Map<String, Processor> answers = new HashMap<>();

    /** What a query, or another file's route, does when its turn comes; nothing, if it isn't said. */
    final void answer(String name, Processor answer) {
        answers.put(name, answer);
    }

    /** An error that a step ends with. */
    static Processor failing(String message) {
        return exchange -> {
            throw new IllegalStateException(message);
        };
    }

    /** How many rows a query has changed. */
    static Processor rows(int count) {
        return exchange -> exchange.getMessage().setHeader("CamelSqlUpdateCount", count);
    }

    final void load(String file) throws Exception {
        // Named by steps that are replaced below, and never asked for a connection.
        for (String name : List.of("controlDatabase", "statusDatabase")) {
            context.getRegistry().bind(name, new PGSimpleDataSource());
        }
        context.getComponent("sql", SqlComponent.class).setDataSource(new PGSimpleDataSource());
        context.setAutoStartup(false);
        routes(context, Path.of("routes/errors.camel.yaml"));
        routes(context, Path.of(file));
        List<RouteDefinition> loaded = List.copyOf(((ModelCamelContext) context).getRouteDefinitions());
        Set<String> called = new TreeSet<>();
        Set<String> served = new TreeSet<>();
        for (RouteDefinition route : loaded) {
            served.add(route.getInput().getEndpointUri());
            List<String> queries = new ArrayList<>();
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)
                    .forEach(step -> {
                        if (step.getEndpointUri().startsWith("sql:")) {
                            queries.add(step.getId());
                        } else if (step.getEndpointUri().startsWith("direct:")) {
                            called.add(step.getEndpointUri());
                        }
                    });
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class).stream()
                    .filter(step -> step.getUri().startsWith("sql:"))
                    .forEach(step -> queries.add(step.getId()));
            if (!queries.isEmpty()) {
                AdviceWith.adviceWith(
                        context,
                        route.getRouteId(),
                        advice -> queries.forEach(
                                id -> advice.weaveById(id).replace().process(noted(id))));
            }
        }
        called.removeAll(served);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                called.forEach(uri ->
                        from(uri).errorHandler(noErrorHandler()).process(noted(uri.substring("direct:".length()))));
            }
        });
        for (RouteDefinition route : List.copyOf(((ModelCamelContext) context).getRouteDefinitions())) {
            if (route.getInput().getEndpointUri().startsWith("direct:")) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    private Processor noted(String name) {
        return exchange -> {
            done.add(name);
            answers.getOrDefault(name, NOTHING).process(exchange);
        };
    }

    private static void routes(CamelContext context, Path file) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
    }

    /** Calls a route; what it ended with is in the answer. */
    final Exchange call(String route, Map<String, Object> properties, Object body) {
        return template.request("direct:" + route, exchange -> {
            properties.forEach(exchange::setProperty);
            exchange.getMessage().setBody(body);
        });
    }
}
