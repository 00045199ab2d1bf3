package dev.bactrian.dump.instant;

import dev.bactrian.selection.Relation;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects and what was done to them, in words. */
final class Words {

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("pg_namespace", "schema"),
            Map.entry("pg_extension", "extension"),
            Map.entry("pg_type", "type"),
            Map.entry("pg_proc", "function"),
            Map.entry("pg_operator", "operator"),
            Map.entry("pg_opclass", "operator class"),
            Map.entry("pg_collation", "collation"),
            Map.entry("pg_ts_config", "text search configuration"),
            Map.entry("pg_ts_dict", "text search dictionary"),
            Map.entry("pg_statistic_ext", "statistics object"),
            Map.entry("pg_trigger", "trigger"),
            Map.entry("pg_roles", "role"));

    private static final Map<String, String> RELATIONS = Map.of(
            "v",
            "view",
            "m",
            "materialized view",
            "S",
            "sequence",
            "i",
            "index",
            "I",
            "index",
            "c",
            "type",
            "f",
            "foreign table");

    private final Fingerprint then;

    Words(Fingerprint then) {
        this.then = then;
    }

    /** {@code Table "app"."item"}: what it was called at the snapshot, to begin a sentence with. */
    String named(Fingerprint.Item item) {
        String words = inside(item);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** The same within a sentence. */
    String inside(Fingerprint.Item item) {
        String kind = item.catalog().equals("pg_class")
                ? RELATIONS.getOrDefault(
                        Objects.requireNonNullElse(item.detail(), "r").substring(0, 1), "table")
                : KINDS.getOrDefault(item.catalog(), "object");
        if (item.catalog().equals("pg_trigger")) {
            Fingerprint.Item table = then.relation(item.parent());
            return "trigger " + Relation.quote(item.name()) + (table == null ? "" : " of table " + qualified(table));
        }
        return kind + " " + qualified(item);
    }

    /** Its name with its schema's, both as at the snapshot. */
    String qualified(Fingerprint.Item item) {
        Fingerprint.Item schema = then.schema(item.parent());
        return schema == null || item.catalog().equals("pg_extension")
                ? Relation.quote(item.name())
                : new Relation.Named(schema.name(), item.name()).quoted();
    }

    /** What was done to it that leaves it with another name, another place or none. */
    static String done(Fingerprint.Item item, Fingerprint.@Nullable Item now) {
        if (now == null) {
            boolean alone = item.catalog().equals("pg_roles") || item.catalog().equals("pg_namespace");
            return alone ? "was dropped" : "was dropped, replaced or rebuilt";
        }
        if (!now.name().equals(item.name())) {
            return "was renamed to " + Relation.quote(now.name());
        }
        return now.parent() == item.parent() ? "was changed or replaced" : "was moved to another schema";
    }
}
