package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges whether values that are printed as names of objects may print otherwise than at the snapshot. */
final class NameChanges {

    /** Catalogs of what the reg* types name, schemas first. */
    private static final List<String> NAMED = List.of(
            "pg_namespace",
            "pg_class",
            "pg_type",
            "pg_proc",
            "pg_operator",
            "pg_roles",
            "pg_collation",
            "pg_ts_config",
            "pg_ts_dict");

    private final Fingerprint then;
    private final Words words;
    private final RowChanges.SnapshotReader snapshot;

    NameChanges(Fingerprint then, RowChanges.SnapshotReader snapshot) {
        this.then = then;
        this.words = new Words(then);
        this.snapshot = snapshot;
    }

    /** Values of reg* types are oids, and print as the names that these have now. */
    @Nullable
    ConcurrentChange of(Table table, TypeUse.Used used, Fingerprint now) throws SQLException {
        Map<Long, Fingerprint.Item> renamed = new HashMap<>();
        Set<Long> schemas = new HashSet<>();
        for (String catalog : NAMED) {
            for (Fingerprint.Item item : then.all(catalog)) {
                Fingerprint.Item other = now.get(catalog, item.oid());
                if (schemas.contains(item.parent())
                        || other == null
                        || !other.name().equals(item.name())
                        || other.parent() != item.parent()) {
                    renamed.put(item.oid(), item);
                    if (catalog.equals("pg_namespace")) {
                        schemas.add(item.oid());
                    }
                }
            }
        }
        return namedBy(table, used, renamed)
                .map(item -> new ConcurrentChange(
                        words.named(item) + ", which table " + table.quoted() + " names,",
                        "was renamed, moved or dropped",
                        true))
                .orElse(null);
    }

    private Optional<Fingerprint.Item> namedBy(Table table, TypeUse.Used used, Map<Long, Fingerprint.Item> renamed)
            throws SQLException {
        Optional<Fingerprint.Item> inside = renamed.values().stream()
                .filter(item ->
                        used.regInside() || used.roles() && item.catalog().equals("pg_roles"))
                .findFirst();
        if (inside.isPresent() || renamed.isEmpty() || used.regColumns().isEmpty()) {
            return inside;
        }
        return snapshot.ask(connection -> RegValues.firstOf(connection, table, used.regColumns(), renamed));
    }

    /** Whether something that its rows name was changed between two looks, and may have had another name. */
    boolean moved(Table table, TypeUse.Used used, Fingerprint before, Fingerprint now) throws SQLException {
        Map<Long, Fingerprint.Item> moved = new HashMap<>();
        for (String catalog : NAMED) {
            for (Fingerprint.Item item : then.all(catalog)) {
                if (!Objects.equals(before.get(catalog, item.oid()), now.get(catalog, item.oid()))) {
                    moved.put(item.oid(), item);
                }
            }
        }
        return namedBy(table, used, moved).isPresent();
    }
}
