package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.postgres.script.Sql;
import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.ddl.TableText;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether tables of the target still are what they were when they were saved: rows of a partition that was detached since
 * would no longer be its parent's, those of a table that was attached would be another's. Bounds needn't be compared: the
 * server checks each row against them as it comes in.
 */
final class TableShapes {

    private static final int AT_ONCE = 500;
    private static final int MOST_NAMED = 10;

    private static final Map<String, String> KINDS = Map.of(
            "r", "table",
            "p", "partitioned table",
            "f", "foreign table",
            "v", "view",
            "m", "materialized view",
            "S", "sequence",
            "c", "composite type",
            "i", "index",
            "I", "partitioned index");

    private static final Set<String> DROPPABLE = Set.of("table", "partitioned table", "foreign table");

    private static final String SHAPES =
            """
            SELECT w.schema, w.name, c.relkind, c.relispartition,
                   ARRAY(SELECT pn.nspname || E'\\n' || p.relname FROM pg_catalog.pg_inherits i
                           JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
                           JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
                   ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
              FROM (VALUES %s) w (schema, name) JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name""";

    private static final String PARTITIONS =
            """
            SELECT cn.nspname, c.relname FROM (VALUES %s) w (schema, name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
              JOIN pg_catalog.pg_class p ON p.relnamespace = n.oid AND p.relname = w.name AND p.relkind = 'p'
              JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
              JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace WHERE c.relkind = 'r' ORDER BY 1, 2""";

    private final RestoreRun run;
    private final RestoreSelection selection;
    private final Definitions definitions;
    private final Connection connection;

    TableShapes(RestoreRun run, RestoreSelection selection, Definitions definitions, Connection connection) {
        this.run = run;
        this.selection = selection;
        this.definitions = definitions;
        this.connection = connection;
    }

    /**
     * A table of the target.
     *
     * @param parents that it inherits from, or the one that it is a partition of
     */
    private record Shape(String kind, boolean partition, List<Relation.Named> parents, Set<String> columns) {}

    /**
     * Looks at tables that stay and get rows, and at those that make room.
     *
     * @throws dev.bactrian.problem.ProblemException when one isn't what it was
     */
    void check(List<Manifest.TablePart> kept, Collection<Relation.Named> drops) throws SQLException, IOException {
        List<Relation.Named> all = new ArrayList<>(drops);
        kept.forEach(table -> all.add(selection.goal(table)));
        Map<Relation.Named, Shape> shapes = read(all);
        List<String> changed = new ArrayList<>();
        for (Relation.Named drop : drops) {
            Shape shape = shapes.get(drop);
            if (shape != null && !DROPPABLE.contains(shape.kind())) {
                changed.add(drop.quoted() + " is a " + shape.kind() + " now");
            }
        }
        Map<Relation.Named, ScriptEntry> tables = definitions.tables();
        for (Manifest.TablePart table : kept) {
            Shape shape = shapes.get(selection.goal(table));
            if (shape != null) {
                String difference = difference(table, shape, tables);
                if (difference != null) {
                    changed.add(selection.goal(table).quoted() + " " + difference);
                }
            }
        }
        if (!changed.isEmpty()) {
            throw Target.refused(
                    "Tables of the target differ from the saved ones: "
                            + changed.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
                            + (changed.size() > MOST_NAMED ? "; and " + (changed.size() - MOST_NAMED) + " more" : "")
                            + ".",
                    "Restore the tables that are the same by name (--table), and the others into another schema "
                            + "(--into-schema), or after changing them back.");
        }
        noteNewPartitions(kept);
    }

    private @Nullable String difference(Manifest.TablePart table, Shape shape, Map<Relation.Named, ScriptEntry> tables)
            throws IOException {
        if (!shape.kind().equals(table.kind())) {
            return "is a " + shape.kind() + " now";
        }
        ScriptEntry entry = tables.get(Definitions.inHeaders(table.schema(), table.name()));
        TableText text = entry == null ? null : TableText.of(definitions.text(entry));
        Relation.Named parent = parent(table);
        Relation.Named now = shape.partition() ? shape.parents().get(0) : null;
        if (now != null && !now.equals(parent)) {
            return "is a partition of " + now.quoted() + " now";
        }
        if (parent != null && now == null) {
            String detached = "is no longer a partition of " + parent.quoted();
            if (!run.getRequest().tables().contains(table.schema() + "." + table.name())) {
                return detached;
            }
            run.getReport().note(selection.goal(table).quoted() + " " + detached + ": its rows don't show there.");
        }
        return text == null ? null : difference(table, shape, text);
    }

    private @Nullable String difference(Manifest.TablePart table, Shape shape, TableText text) {
        boolean moves = run.getRequest().intoSchema() != null;
        if (!moves && !shape.partition() && table.partitionOf() == null) {
            Set<Relation.Named> parents = text.parents().stream()
                    .filter(name -> name.size() == 2)
                    .map(name -> new Relation.Named(name.get(0), name.get(1)))
                    .collect(Collectors.toSet());
            if (!parents.equals(Set.copyOf(shape.parents()))) {
                return shape.parents().isEmpty()
                        ? "no longer inherits from a table"
                        : "inherits from " + names(shape.parents()) + " now";
            }
        }
        if (text.typed() || !text.parents().isEmpty()) {
            return null;
        }
        Set<String> lacking = new TreeSet<>(text.columns().keySet());
        lacking.removeAll(shape.columns());
        Set<String> added = new TreeSet<>(shape.columns());
        added.removeAll(text.columns().keySet());
        if (!lacking.isEmpty()) {
            return "no longer has column " + Relation.quoted(lacking);
        }
        if (!added.isEmpty() && table.hasRows()) {
            run.getReport()
                    .note("The archive's rows of " + selection.goal(table).quoted() + " get the default in "
                            + Relation.quoted(added)
                            + ", which the saved table doesn't have.");
        }
        return null;
    }

    private static String names(List<Relation.Named> names) {
        return names.stream().map(Relation.Named::quoted).collect(Collectors.joining(", "));
    }

    private Relation.@Nullable Named parent(Manifest.TablePart table) {
        String parent = table.partitionOf();
        if (parent == null) {
            return null;
        }
        List<SqlToken> name = SqlToken.all(parent);
        String into = run.getRequest().intoSchema();
        return name.size() == 3
                ? new Relation.Named(
                        into == null ? name.get(0).value() : into, name.get(2).value())
                : new Relation.Named("", parent);
    }

    /** Their rows stay beside those that come. */
    private void noteNewPartitions(List<Manifest.TablePart> kept) throws SQLException {
        List<Relation.Named> parents = kept.stream()
                .filter(table -> "partitioned table".equals(table.kind()))
                .map(selection::goal)
                .toList();
        if (parents.isEmpty()) {
            return;
        }
        Set<Relation.Named> known =
                selection.tables().stream().map(selection::goal).collect(Collectors.toSet());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(PARTITIONS.formatted(Sql.rows(parents)))) {
            while (rows.next()) {
                Relation.Named partition = new Relation.Named(rows.getString(1), rows.getString(2));
                if (!known.contains(partition)) {
                    run.getReport()
                            .note("Partition " + partition.quoted()
                                    + " isn't in the archive: its rows stay as they are.");
                }
            }
        }
    }

    private Map<Relation.Named, Shape> read(List<Relation.Named> names) throws SQLException {
        Map<Relation.Named, Shape> shapes = new HashMap<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<Relation.Named> some = names.subList(from, Math.min(from + AT_ONCE, names.size()));
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(SHAPES.formatted(Sql.rows(some)))) {
                while (rows.next()) {
                    shapes.put(
                            new Relation.Named(rows.getString(1), rows.getString(2)),
                            new Shape(
                                    KINDS.getOrDefault(rows.getString(3), "relation of another kind"),
                                    rows.getBoolean(4),
                                    texts(rows.getArray(5)).stream()
                                            .map(name -> new Relation.Named(
                                                    name.substring(0, name.indexOf('\n')),
                                                    name.substring(name.indexOf('\n') + 1)))
                                            .toList(),
                                    Set.copyOf(texts(rows.getArray(6)))));
                }
            }
        }
        return shapes;
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}
