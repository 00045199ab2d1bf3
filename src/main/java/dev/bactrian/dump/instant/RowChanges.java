package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges whether a change can have altered what a COPY prints of a table: its rows, or their text. */
final class RowChanges {

    private final Fingerprint then;
    private final Words words;
    private final NameChanges names;
    private final TypeUse types;
    private final SnapshotReader snapshot;
    private final Witness witness;
    private final Snapshot.Bounds bounds;
    /** By table and file: the answer doesn't change any more, and can take a while. */
    private final Map<String, Boolean> kept = new HashMap<>();

    RowChanges(Fingerprint then, TypeUse types, SnapshotReader snapshot, Witness witness, Snapshot.Bounds bounds) {
        this.then = then;
        this.words = new Words(then);
        this.names = new NameChanges(then, snapshot);
        this.types = types;
        this.snapshot = snapshot;
        this.witness = witness;
        this.bounds = bounds;
    }

    /** Asks a session that sees the snapshot. */
    @FunctionalInterface
    interface SnapshotReader {
        <T> T ask(Witness.Question<T> question) throws SQLException;
    }

    /** What was done to the table itself: its name, its columns, its file. Its lock keeps all that off, and only that. */
    @Nullable
    ConcurrentChange ofTable(Table table, Fingerprint now) throws SQLException {
        Relation.Named name = new Relation.Named(table.schema(), table.name());
        Fingerprint.Item before = Objects.requireNonNull(then.relation(table.oid()));
        Fingerprint.Item after = now.relation(table.oid());
        if (after == null) {
            return ConcurrentChange.of(
                    name, "was dropped, or replaced by another table of that name (DROP TABLE, CREATE TABLE)");
        }
        if (!after.name().equals(before.name())) {
            return ConcurrentChange.of(
                    name, "was renamed to " + Relation.quote(after.name()) + " (ALTER TABLE … RENAME)");
        }
        if (after.parent() != before.parent()) {
            return ConcurrentChange.of(name, "was moved to another schema (ALTER TABLE … SET SCHEMA)");
        }
        if (!Objects.equals(after.detail(), before.detail())) {
            return ConcurrentChange.of(name, "was replaced by something else of that name");
        }
        boolean rewritten = !Objects.equals(after.storage(), before.storage());
        if (!Objects.equals(after.columns(), before.columns())) {
            String column = snapshot.ask(connection -> Columns.read(connection, table.oid()))
                    .changedIn(witness.ask(connection -> Columns.read(connection, table.oid())), rewritten);
            if (column != null) {
                return ConcurrentChange.ofColumn("Table " + name.quoted(), column, true);
            }
        }
        if (rewritten && !keptRows(table, after, now)) {
            return ConcurrentChange.of(
                    name,
                    "was truncated, or rewritten (TRUNCATE, or an ALTER TABLE or extension that copies its rows)");
        }
        return null;
    }

    boolean keptRows(Table table, Fingerprint.Item after, Fingerprint now) throws SQLException {
        String key = table.oid() + " " + after.storage();
        Boolean known = kept.get(key);
        if (known == null) {
            Fingerprint.Item schema = now.schema(after.parent());
            String quoted = new Relation.Named(schema == null ? table.schema() : schema.name(), after.name()).quoted();
            known = witness.ask(connection -> KeptRows.mayBe(connection, table, bounds))
                    && snapshot.ask(connection -> KeptRows.areSeen(connection, table, quoted, bounds));
            kept.put(key, known);
        }
        return known;
    }

    /** What was done to what the table needs: no lock of the table's keeps that off. */
    @Nullable
    ConcurrentChange ofNeeds(Table table, Fingerprint now) throws SQLException {
        ConcurrentChange change = ofSchema(table, now);
        return change == null ? ofTypes(table, now) : change;
    }

    /** What was done to its schema. */
    @Nullable
    ConcurrentChange ofSchema(Table table, Fingerprint now) {
        Fingerprint.Item before = Objects.requireNonNull(then.relation(table.oid()));
        Fingerprint.Item schema = now.schema(before.parent());
        if (schema != null && schema.name().equals(table.schema())) {
            return null;
        }
        return ConcurrentChange.of(
                new Relation.Named(table.schema(), table.name()),
                "lost its schema " + Relation.quote(table.schema()) + ", which was "
                        + (schema == null
                                ? "dropped (DROP SCHEMA)"
                                : "renamed to " + Relation.quote(schema.name()) + " (ALTER SCHEMA … RENAME)"));
    }

    /** What was done to types that its values are of, or to what they name. */
    @Nullable
    ConcurrentChange ofTypes(Table table, Fingerprint now) throws SQLException {
        TypeUse.Used used = types.of(table.oid());
        for (long type : used.enums()) {
            for (Fingerprint.Item label : then.labels(type)) {
                Fingerprint.Item other = now.get("pg_enum", label.oid());
                if (other == null || !other.name().equals(label.name())) {
                    Fingerprint.Item item = then.get("pg_type", type);
                    return new ConcurrentChange(
                            (item == null ? "A type" : words.named(item)) + " of table " + table.quoted(),
                            "had its label " + Relation.literal(label.name())
                                    + " renamed (ALTER TYPE … RENAME VALUE), or was dropped",
                            true);
                }
            }
        }
        for (long function : used.functions()) {
            Fingerprint.Item before = Objects.requireNonNull(then.get("pg_proc", function));
            Fingerprint.Item after = now.get("pg_proc", function);
            if (after == null || !Objects.equals(before.storage(), after.storage())) {
                return new ConcurrentChange(
                        words.named(before) + ", which prints values of table " + table.quoted() + ",",
                        "was replaced or dropped (CREATE OR REPLACE FUNCTION, ALTER EXTENSION … UPDATE)",
                        true);
            }
        }
        for (long composite : used.composites()) {
            ConcurrentChange change = ofComposite(table, composite, now);
            if (change != null) {
                return change;
            }
        }
        return used.printsNames() ? names.of(table, used, now) : null;
    }

    private @Nullable ConcurrentChange ofComposite(Table table, long composite, Fingerprint now) throws SQLException {
        Fingerprint.Item before = Objects.requireNonNull(then.relation(composite));
        Fingerprint.Item after = now.relation(composite);
        if (after != null && Objects.equals(after.columns(), before.columns())) {
            return null;
        }
        boolean same = after != null
                && snapshot.ask(connection -> Columns.read(connection, composite))
                        .printsAs(witness.ask(connection -> Columns.read(connection, composite)));
        return same
                ? null
                : new ConcurrentChange(
                        words.named(before) + ", whose row type values of table " + table.quoted() + " have,",
                        "had columns or attributes added, dropped or changed (ALTER TYPE, ALTER TABLE)",
                        true);
    }

    /** Whether something that the table's rows name was changed between two looks, and may have had another name. */
    boolean namesMoved(Table table, Fingerprint before, Fingerprint now) throws SQLException {
        TypeUse.Used used = types.of(table.oid());
        return used.printsNames() && names.moved(table, used, before, now);
    }

    /** What moves with every change of the table, harmless ones included. */
    static String version(Table table, Fingerprint of) {
        Fingerprint.Item item = of.relation(table.oid());
        return item == null ? "" : item.version() + " " + item.storage();
    }

    /** The same of what the table needs. */
    String needsVersion(Table table, Fingerprint of) {
        StringBuilder versions = new StringBuilder();
        Fingerprint.Item before = Objects.requireNonNull(then.relation(table.oid()));
        append(versions, of.schema(before.parent()));
        TypeUse.Used used = types.of(table.oid());
        used.enums().stream()
                .sorted()
                .flatMap(type -> then.labels(type).stream())
                .forEach(label -> append(versions, of.get("pg_enum", label.oid())));
        used.functions().stream().sorted().forEach(function -> append(versions, of.get("pg_proc", function)));
        used.composites().stream().sorted().forEach(composite -> append(versions, of.relation(composite)));
        return versions.toString();
    }

    private static void append(StringBuilder versions, Fingerprint.@Nullable Item item) {
        versions.append(item == null ? "gone" : item.version()).append(';');
    }
}
