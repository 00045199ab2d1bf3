package dev.bactrian.dump.instant;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a change can have altered the definitions that pg_dump printed. It reads the catalogs in the snapshot,
 * but pg_get_viewdef, pg_get_indexdef, format_type and their like put names in, or look objects up, as they are now.
 */
final class DefinitionChanges {

    /** What is more likely the cause of others first. Labels and roles are read in the snapshot, and never printed otherwise. */
    private static final List<String> CATALOGS = List.of(
            "pg_namespace",
            "pg_extension",
            "pg_type",
            "pg_class",
            "pg_proc",
            "pg_operator",
            "pg_opclass",
            "pg_collation",
            "pg_ts_config",
            "pg_ts_dict",
            "pg_trigger",
            "pg_statistic_ext");

    private static final int MOST_NAMED = 3;

    private final Fingerprint then;
    private final Words words;
    private final RowChanges.SnapshotReader snapshot;
    private final Witness witness;

    DefinitionChanges(Fingerprint then, RowChanges.SnapshotReader snapshot, Witness witness) {
        this.then = then;
        this.words = new Words(then);
        this.snapshot = snapshot;
        this.witness = witness;
    }

    /**
     * The first changes that can have altered one, as one; null where none can.
     *
     * @param saved whether what is in the schema of this name is saved
     */
    @Nullable
    ConcurrentChange first(Fingerprint now, Predicate<String> saved) throws SQLException {
        List<ConcurrentChange> found = new ArrayList<>();
        for (String catalog : CATALOGS) {
            for (Fingerprint.Item item : then.all(catalog)) {
                if (found.size() < MOST_NAMED && isSaved(item, saved)) {
                    add(found, item, now.get(catalog, item.oid()));
                }
            }
        }
        return ConcurrentChange.together(found);
    }

    private boolean isSaved(Fingerprint.Item item, Predicate<String> saved) {
        Fingerprint.Item table = item.catalog().equals("pg_trigger") ? then.relation(item.parent()) : null;
        Fingerprint.Item schema = item.catalog().equals("pg_namespace")
                ? item
                : then.schema(table == null ? item.parent() : table.parent());
        boolean madeWithAnother = item.catalog().equals("pg_type") && item.detail() != null;
        return !madeWithAnother && (schema == null || saved.test(schema.name()));
    }

    private void add(List<ConcurrentChange> found, Fingerprint.Item item, Fingerprint.@Nullable Item now)
            throws SQLException {
        if (now == null || !now.isCalledAs(item)) {
            found.add(new ConcurrentChange(words.named(item), Words.done(item, now), false));
        } else if (!Objects.equals(item.columns(), now.columns())) {
            String column = snapshot.ask(connection -> Columns.read(connection, item.oid()))
                    .changedIn(witness.ask(connection -> Columns.read(connection, item.oid())), true);
            if (column != null) {
                found.add(ConcurrentChange.ofColumn(words.named(item), column, false));
            }
        }
    }
}
