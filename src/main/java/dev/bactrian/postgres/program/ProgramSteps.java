package dev.bactrian.postgres.program;

import dev.bactrian.problem.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** The {@code exec:} steps of the routes that were loaded, the user's own included. */
public final class ProgramSteps {

    private ProgramSteps() {}

    /**
     * Looks at the flags of each step that calls a program by one of our bindings. To be called before the routes start.
     *
     * @throws ConfigurationException with each flag that is missing or refused, and where
     */
    public static void requireFlags(CamelContext context) {
        List<String> errors = new ArrayList<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            for (ToDefinition step :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
                if (step.getUri().startsWith("exec:")
                        && context.getEndpoint(step.getUri()) instanceof ExecEndpoint exec
                        && exec.getBinding() instanceof PgProgram program) {
                    String where = where(route, step, exec);
                    program.flags().refused(exec.getArgs()).forEach(reason -> errors.add(where + reason));
                }
            }
        }
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
    }

    private static String where(RouteDefinition route, ToDefinition step, ExecEndpoint exec) {
        String file = route.getResource() == null
                ? ""
                : " in " + route.getResource().getLocation().replaceFirst("^file:", "");
        return "The args of " + exec.getExecutable() + ", step " + step.getId() + " of route " + route.getRouteId()
                + file + ": ";
    }
}
