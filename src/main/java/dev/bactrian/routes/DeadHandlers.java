package dev.bactrian.routes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/** Routes with an {@code onException} that would never be asked: what has no error handler calls none. */
final class DeadHandlers {

    private DeadHandlers() {}

    static List<String> of(CamelContext camel) {
        Set<String> errors = new LinkedHashSet<>();
        for (RouteDefinition route :
                camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            boolean wants = route.getOutputs().stream().anyMatch(OnExceptionDefinition.class::isInstance);
            if (wants && hasNone(route.getErrorHandlerFactory())) {
                String file = route.getResource() == null
                        ? ""
                        : route.getResource().getLocation().replaceFirst("^file:", "");
                errors.add(file + ": onException does nothing in the route " + route.getId()
                        + ", which has no error handler, so failures wouldn't reach it. Give the route its "
                        + "own handler (errorHandler: { defaultErrorHandler: {} }), or move the onException "
                        + "into a routeConfiguration with a handler and name that in the route "
                        + "(routeConfigurationId), as routes/backup/failure.camel.yaml does.");
            }
        }
        return List.copyOf(errors);
    }

    private static boolean hasNone(ErrorHandlerFactory handler) {
        return handler instanceof NoErrorHandlerDefinition
                || handler instanceof ErrorHandlerDefinition outer
                        && outer.getErrorHandlerType() instanceof NoErrorHandlerDefinition;
    }
}
