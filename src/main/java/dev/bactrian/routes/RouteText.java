package dev.bactrian.routes;

import dev.bactrian.routes.RouteNames.Bean;
import dev.bactrian.routes.RouteNames.Declared;
import dev.bactrian.routes.RouteNames.Endpoint;
import dev.bactrian.routes.RouteNames.Place;
import dev.bactrian.routes.RouteNames.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds in a route file's YAML what it names; the nodes know their lines, which Camel's model of expressions doesn't. */
final class RouteText {

    /** Whose short form is an address. */
    private static final Set<String> CALLS = Set.of("to", "toD", "wireTap", "from", "poll");
    /** Whose {@code ref} is a bean. */
    private static final Set<String> BEAN_HOLDERS = Set.of("method", "bean", "process");
    /** Whose value is a bean's name. */
    private static final Set<String> BEAN_NAMES =
            Set.of("aggregationStrategy", "executorService", "idempotentRepository");

    private static final Pattern IN_SIMPLE = Pattern.compile("\\$\\{bean:(\\w+)(?:\\?method=(\\w+)|\\.(\\w+))?");
    private static final Pattern REFERENCE = Pattern.compile("#bean:(\\w+)");
    private static final Pattern QUERY = Pattern.compile("\\bfile:(sql/[\\w./-]+\\.sql)");
    private static final Pattern OPTION = Pattern.compile("[?&]([\\w.]+)=");

    private final Path file;
    private final Map<String, String> parameters;
    private final RouteNames named;

    private RouteText(Path file, Map<String, String> parameters, RouteNames named) {
        this.file = file;
        this.parameters = parameters;
        this.named = named;
    }

    /** Adds what a file names. One that is no YAML names nothing here: Camel refuses it. */
    static void read(Path file, RouteNames named) {
        try {
            new Compose(LoadSettings.builder().setLabel(file.toString()).build())
                    .composeString(Files.readString(file))
                    .ifPresent(node -> read(file, node, Map.of(), named));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    /**
     * Adds what a node of a file names.
     *
     * @param parameters values of a template's parameters, which are names in double braces
     */
    static void read(Path file, Node node, Map<String, String> parameters, RouteNames named) {
        new RouteText(file, parameters, named).walk("", node);
    }

    private void walk(String key, Node node) {
        if (node instanceof MappingNode map) {
            declared(key, map);
            switch (key) {
                case "routeTemplate" -> named.templates.template(file, map);
                case "templatedRoute" -> named.templates.instance(map);
                default -> mapping(key, map);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(element -> walk(key, element));
        } else if (node instanceof ScalarNode scalar) {
            scalar(key, scalar);
        }
    }

    private void declared(String key, MappingNode map) {
        ScalarNode name =
                switch (key) {
                    case "route", "routeTemplate" -> YamlNodes.scalar(map, "id");
                    case "templatedRoute" -> YamlNodes.scalar(map, "routeId");
                    case "beans" -> YamlNodes.scalar(map, "type") == null ? null : YamlNodes.scalar(map, "name");
                    default -> null;
                };
        if (name != null) {
            String what = "beans".equals(key) ? "bean" : "routeTemplate".equals(key) ? "template" : "route";
            named.declared.add(new Declared("the " + what + " \"" + value(name) + "\"", place(name)));
        }
    }

    private void mapping(String key, MappingNode map) {
        ScalarNode uri = YamlNodes.scalar(map, "uri");
        if (uri != null) {
            Set<String> options = new LinkedHashSet<>();
            if (YamlNodes.child(map, "parameters") instanceof MappingNode parameters) {
                parameters.getValue().forEach(option -> options.add(YamlNodes.text(option.getKeyNode())));
            }
            endpoint(uri, options, "from".equals(key));
        }
        ScalarNode ref = BEAN_HOLDERS.contains(key) ? YamlNodes.scalar(map, "ref") : null;
        if (ref != null) {
            ScalarNode method = YamlNodes.scalar(map, "method");
            bean(ref, value(ref), method == null ? null : method.getValue());
        }
        for (NodeTuple entry : map.getValue()) {
            walk(YamlNodes.text(entry.getKeyNode()), entry.getValueNode());
        }
    }

    private void scalar(String key, ScalarNode node) {
        String value = value(node);
        if (CALLS.contains(key) || "constant".equals(key) && value.startsWith("direct:")) {
            endpoint(node, new LinkedHashSet<>(), "from".equals(key));
        }
        if (BEAN_NAMES.contains(key) && value.matches("#?\\w+")) {
            bean(node, value.replace("#", ""), null);
        }
        for (Matcher found = IN_SIMPLE.matcher(value); found.find(); ) {
            bean(node, found.group(1), found.group(2) == null ? found.group(3) : found.group(2));
        }
        REFERENCE.matcher(value).results().forEach(found -> bean(node, found.group(1), null));
        QUERY.matcher(value).results().forEach(found -> named.queries.add(new Query(place(node), found.group(1))));
    }

    private void endpoint(ScalarNode node, Set<String> options, boolean served) {
        String uri = value(node).strip();
        int query = uri.indexOf('?');
        // A raw value may hold what looks like options.
        if (query >= 0 && !uri.contains("RAW")) {
            OPTION.matcher(uri.substring(query)).results().forEach(found -> options.add(found.group(1)));
        }
        Endpoint endpoint = new Endpoint(place(node), uri, options, served);
        named.endpoints.add(endpoint);
        if ("bean".equals(endpoint.scheme()) && endpoint.path().matches("\\w+")) {
            Matcher method = Pattern.compile("[?&]method=([^&]+)").matcher(uri);
            bean(node, endpoint.path(), method.find() ? method.group(1) : null);
        }
    }

    private void bean(ScalarNode node, String name, @Nullable String method) {
        Matcher plain = Pattern.compile("\\w+").matcher(method == null ? "" : method);
        named.beans.add(new Bean(place(node), name, plain.lookingAt() ? plain.group() : null));
    }

    private Place place(Node node) {
        return new Place(
                file.toString(),
                node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    }

    private String value(ScalarNode node) {
        String value = node.getValue();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            value = value.replace("{{" + parameter.getKey() + "}}", parameter.getValue());
        }
        return value;
    }
}
