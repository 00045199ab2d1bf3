package dev.bactrian.rules;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the shipped route files hold, for the rules that read them. */
final class RouteYaml {

    private RouteYaml() {}

    record Step(String id, String uri) {}

    /** Routes, templates as the routes that they make, and configurations; each has {@code id} and {@code description}. */
    static List<Map<?, ?>> routes(Path file) {
        List<Map<?, ?>> routes = new ArrayList<>();
        Object document = new Load(LoadSettings.builder().build()).loadFromString(SourceFiles.text(file));
        for (Object element : (List<?>) document) {
            ((Map<?, ?>) element).forEach((kind, value) -> {
                if (value instanceof Map<?, ?> template && template.get("route") instanceof Map<?, ?> inner) {
                    Map<Object, Object> route = new HashMap<>(inner);
                    route.put("id", template.get("id"));
                    route.put("description", template.get("description"));
                    routes.add(route);
                } else if (value instanceof Map<?, ?> route && !"templatedRoute".equals(kind)) {
                    routes.add(route);
                }
            });
        }
        return routes;
    }

    /** Where a route begins; empty for a configuration. */
    static String from(Map<?, ?> route) {
        return route.get("from") instanceof Map<?, ?> from
                ? String.valueOf(from.get("uri")).replace("{{name}}", "archives")
                : "";
    }

    /** Every {@code to}, in whatever it is nested, in its short and its long form. */
    static List<Step> steps(Object node) {
        List<Step> found = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(element -> found.addAll(steps(element)));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ("from".equals(key) && value instanceof Map<?, ?> from) {
                    found.addAll(steps(from.get("steps")));
                } else if (value instanceof String uri
                        && Set.of("to", "toD", "wireTap").contains(key)) {
                    found.add(new Step("", uri));
                } else if ("constant".equals(key) && value instanceof String uri && uri.startsWith("direct:")) {
                    found.add(new Step("", uri));
                } else if (value instanceof Map<?, ?> step && step.get("uri") instanceof String uri) {
                    found.add(new Step(
                            step.get("id") == null ? "" : step.get("id").toString(), uri));
                } else {
                    found.addAll(steps(value));
                }
            });
        }
        return found;
    }
}
