package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds tables again that have other names now, but the same rows. */
final class Places {

    private final Fingerprint then;
    private final RowChanges rows;
    private final RowChanges.SnapshotReader snapshot;
    private final Witness witness;

    Places(Fingerprint then, RowChanges rows, RowChanges.SnapshotReader snapshot, Witness witness) {
        this.then = then;
        this.rows = rows;
        this.snapshot = snapshot;
        this.witness = witness;
    }

    /** Those that pg_dump would look for in vain, or find others for, and that can be found elsewhere. */
    List<Table> elsewhere(List<Table> tables, Fingerprint now) throws SQLException {
        List<Table> elsewhere = new ArrayList<>();
        for (Table table : tables) {
            boolean moved = rows.ofTable(table, now) != null || rows.ofSchema(table, now) != null;
            if (moved && find(table, now).isPresent()) {
                elsewhere.add(table);
            }
        }
        return elsewhere;
    }

    /** Empty where the table, a column or its rows are gone, or are printed otherwise now. */
    Optional<Place> find(Table table, Fingerprint now) throws SQLException {
        Fingerprint.Item before = Objects.requireNonNull(then.relation(table.oid()));
        Fingerprint.Item relation = now.relation(table.oid());
        Fingerprint.Item schema = relation == null ? null : now.schema(relation.parent());
        if (relation == null
                || schema == null
                || !Objects.equals(before.detail(), relation.detail())
                || rows.ofTypes(table, now) != null
                || !Objects.equals(before.storage(), relation.storage()) && !rows.keptRows(table, relation, now)) {
            return Optional.empty();
        }
        Columns saved = snapshot.ask(connection -> Columns.read(connection, table.oid()));
        Columns current = witness.ask(connection -> Columns.read(connection, table.oid()));
        if (!saved.holdTheSameIn(current, !Objects.equals(before.storage(), relation.storage()))) {
            return Optional.empty();
        }
        List<String> columns = new ArrayList<>();
        List<String> savedColumns = new ArrayList<>();
        for (Map.Entry<Integer, Columns.Column> entry : saved.byPlace().entrySet()) {
            if (entry.getValue().generated().isEmpty()) {
                savedColumns.add(entry.getValue().name());
                columns.add(Objects.requireNonNull(current.byPlace().get(entry.getKey()))
                        .name());
            }
        }
        return Optional.of(new Place(
                new Relation.Named(schema.name(), relation.name()),
                columns,
                savedColumns,
                schema.version() + " " + RowChanges.version(table, now) + " " + rows.needsVersion(table, now)));
    }
}
