package dev.bactrian.routes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Looks into nodes of YAML. */
final class YamlNodes {

    private YamlNodes() {}

    /** The value of a key; null where there is none. */
    static @Nullable Node child(MappingNode map, String key) {
        for (NodeTuple entry : map.getValue()) {
            if (key.equals(text(entry.getKeyNode()))) {
                return entry.getValueNode();
            }
        }
        return null;
    }

    /** The value of a key; null where there is none, or another than a scalar. */
    static @Nullable ScalarNode scalar(MappingNode map, String key) {
        return child(map, key) instanceof ScalarNode scalar ? scalar : null;
    }

    /** The mappings of a list; none where the key has no list. */
    static List<MappingNode> mappings(MappingNode map, String key) {
        return child(map, key) instanceof SequenceNode list
                ? list.getValue().stream()
                        .filter(MappingNode.class::isInstance)
                        .map(MappingNode.class::cast)
                        .toList()
                : List.of();
    }

    /** A scalar's text; empty for every other node. */
    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The text of a key; empty where it has none. */
    static String text(MappingNode map, String key) {
        Node child = child(map, key);
        return child == null ? "" : text(child);
    }
}
