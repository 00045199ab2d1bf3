package dev.bactrian.routes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Route templates of route files, and the routes that are made of them. What a template names is known once its parameters are: it
 * is read once for each of its routes.
 */
final class RouteTemplates {

    private final Map<String, Template> templates = new LinkedHashMap<>();
    private final List<Instance> instances = new ArrayList<>();

    private record Template(Path file, MappingNode node) {}

    private record Instance(String template, Map<String, String> parameters) {}

    /** Keeps a {@code routeTemplate}. */
    void template(Path file, MappingNode node) {
        templates.put(YamlNodes.text(node, "id"), new Template(file, node));
    }

    /** Keeps a {@code templatedRoute}. */
    void instance(MappingNode node) {
        instances.add(new Instance(YamlNodes.text(node, "routeTemplateRef"), parameters(node, "value")));
    }

    /** Adds what all these routes name; of a template that no route is made of, what needs no parameter. */
    void addTo(RouteNames named) {
        templates.forEach((id, template) -> {
            List<Instance> routes = instances.stream()
                    .filter(instance -> instance.template().equals(id))
                    .toList();
            if (routes.isEmpty()) {
                RouteText.read(template.file(), template.node(), Map.of(), named);
            }
            for (Instance route : routes) {
                Map<String, String> values = parameters(template.node(), "defaultValue");
                values.putAll(route.parameters());
                RouteText.read(template.file(), template.node(), values, named);
            }
        });
    }

    private static Map<String, String> parameters(MappingNode node, String key) {
        Map<String, String> found = new HashMap<>();
        for (MappingNode parameter : YamlNodes.mappings(node, "parameters")) {
            if (YamlNodes.scalar(parameter, key) != null) {
                found.put(YamlNodes.text(parameter, "name"), YamlNodes.text(parameter, key));
            }
        }
        return found;
    }
}
