package dev.bactrian.instant;

import dev.bactrian.selection.Relation;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a change can have altered the definitions that pg_dump printed. It reads the catalogs in the snapshot,
 * but pg_get_viewdef, pg_get_indexdef, format_type and their like put names in, or look objects up, as they are now.
 */
final class DefinitionChanges {

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("pg_namespace", "Schema"),
            Map.entry("pg_type", "Type"),
            Map.entry("pg_proc", "Function"),
            Map.entry("pg_operator", "Operator"),
            Map.entry("pg_opclass", "Operator class"),
            Map.entry("pg_collation", "Collation"),
            Map.entry("pg_ts_config", "Text search configuration"),
            Map.entry("pg_ts_dict", "Text search dictionary"),
            Map.entry("pg_statistic_ext", "Statistics object"),
            Map.entry("pg_trigger", "Trigger"));

    private static final Map<String, String> RELATIONS =
            Map.of("v", "View", "m", "Materialized view", "S", "Sequence", "i", "Index", "I", "Index", "c", "Type");

    private final Fingerprint then;
    private final RowChanges.SnapshotReader snapshot;
    private final Witness witness;

    DefinitionChanges(Fingerprint then, RowChanges.SnapshotReader snapshot, Witness witness) {
        this.then = then;
        this.snapshot = snapshot;
        this.witness = witness;
    }

    /** The first change that can have altered one; null where none can. */
    @Nullable
    Change first(Fingerprint now) throws SQLException {
        for (String catalog : then.catalogs()) {
            // Labels and roles are read in the snapshot, and nothing prints them otherwise.
            if (catalog.equals("pg_enum") || catalog.equals("pg_roles")) {
                continue;
            }
            for (Fingerprint.Item item : then.all(catalog)) {
                Fingerprint.Item other = now.get(catalog, item.oid());
                if (other == null || !other.isCalledAs(item) || columnsChanged(item, other)) {
                    return new Change(name(item), "was changed, renamed, moved, dropped or rebuilt");
                }
            }
        }
        return null;
    }

    private boolean columnsChanged(Fingerprint.Item item, Fingerprint.Item other) throws SQLException {
        if (Objects.equals(item.columns(), other.columns())) {
            return false;
        }
        return snapshot.ask(connection -> Columns.read(connection, item.oid()))
                        .changedIn(witness.ask(connection -> Columns.read(connection, item.oid())), true)
                != null;
    }

    private String name(Fingerprint.Item item) {
        if (item.catalog().equals("pg_trigger")) {
            Fingerprint.Item table = then.relation(item.parent());
            return "Trigger " + Relation.quote(item.name()) + (table == null ? "" : " of table " + qualified(table));
        }
        String kind = item.catalog().equals("pg_class")
                ? RELATIONS.getOrDefault(Objects.requireNonNullElse(item.detail(), ""), "Table")
                : KINDS.getOrDefault(item.catalog(), "Object");
        return kind + " " + qualified(item);
    }

    private String qualified(Fingerprint.Item item) {
        Fingerprint.Item schema = then.schema(item.parent());
        return schema == null ? Relation.quote(item.name()) : new Relation.Named(schema.name(), item.name()).quoted();
    }
}
