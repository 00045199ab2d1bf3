package dev.bactrian.routes;

import dev.bactrian.routes.RouteNames.Bean;
import dev.bactrian.routes.RouteNames.Endpoint;
import dev.bactrian.routes.RouteNames.Place;
import dev.bactrian.routes.RouteNames.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
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

    private final String file;
    private final RouteNames named;

    private RouteText(String file, RouteNames named) {
        this.file = file;
        this.named = named;
    }

    /** Adds what a file names. One that is no YAML names nothing here: Camel refuses it. */
    static void read(Path file, RouteNames named) {
        try {
            new Compose(LoadSettings.builder().setLabel(file.toString()).build())
                    .composeString(Files.readString(file))
                    .ifPresent(node -> new RouteText(file.toString(), named).walk("", node));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    private void walk(String key, Node node) {
        if (node instanceof MappingNode map) {
            mapping(key, map);
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(element -> walk(key, element));
        } else if (node instanceof ScalarNode scalar) {
            scalar(key, scalar);
        }
    }

    private void mapping(String key, MappingNode map) {
        ScalarNode uri = scalar(map, "uri");
        if (uri != null) {
            Set<String> options = new LinkedHashSet<>();
            if (child(map, "parameters") instanceof MappingNode parameters) {
                parameters.getValue().forEach(option -> options.add(text(option.getKeyNode())));
            }
            endpoint(uri, options, "from".equals(key));
        }
        ScalarNode ref = BEAN_HOLDERS.contains(key) ? scalar(map, "ref") : null;
        if (ref != null) {
            ScalarNode method = scalar(map, "method");
            bean(ref, ref.getValue(), method == null ? null : method.getValue());
        }
        for (NodeTuple entry : map.getValue()) {
            walk(text(entry.getKeyNode()), entry.getValueNode());
        }
    }

    private void scalar(String key, ScalarNode node) {
        String value = node.getValue();
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
        String uri = node.getValue().strip();
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
                file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    }

    private static @Nullable ScalarNode scalar(MappingNode map, String key) {
        return child(map, key) instanceof ScalarNode scalar ? scalar : null;
    }

    private static @Nullable Node child(MappingNode map, String key) {
        for (NodeTuple entry : map.getValue()) {
            if (key.equals(text(entry.getKeyNode()))) {
                return entry.getValueNode();
            }
        }
        return null;
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
