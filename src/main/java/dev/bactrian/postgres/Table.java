package dev.bactrian.postgres;

import dev.bactrian.selection.Relation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table as {@code sql/backup/detect-tables.sql} finds it.
 *
 * @param kind pg_class.relkind: r ordinary, p partitioned, f foreign
 * @param persistence pg_class.relpersistence: p permanent, u unlogged
 * @param size bytes on the server's disk, without indexes
 * @param partitionOf oid of the partitioned table it is a part of, or null
 * @param extension name of the extension that made it, or null
 * @param blank whether its file, surely the one that the snapshot knows, held nothing at all
 * @param blocks of its file, by which ranges of its rows can be read; 0 where they can't
 * @param scattered whether it, or a table above it, deals rows out to its partitions otherwise in another database
 */
public record Table(
        long oid,
        String schema,
        String name,
        String kind,
        String persistence,
        long size,
        @Nullable Long partitionOf,
        @Nullable String extension,
        boolean blank,
        long blocks,
        boolean scattered) {

    /** One of which it isn't known whether it is blank, nor how many blocks it has. */
    public Table(
            long oid,
            String schema,
            String name,
            String kind,
            String persistence,
            long size,
            @Nullable Long partitionOf,
            @Nullable String extension) {
        this(oid, schema, name, kind, persistence, size, partitionOf, extension, false, 0, false);
    }

    public static Table of(Map<String, Object> row) {
        Object parent = row.get("partition_of");
        Object extension = row.get("extension");
        return new Table(
                ((Number) required(row, "oid")).longValue(),
                required(row, "schema").toString(),
                required(row, "name").toString(),
                required(row, "kind").toString(),
                required(row, "persistence").toString(),
                ((Number) required(row, "size")).longValue(),
                parent == null ? null : ((Number) parent).longValue(),
                extension == null ? null : extension.toString(),
                Boolean.TRUE.equals(row.get("blank")),
                row.get("blocks") instanceof Number blocks ? blocks.longValue() : 0,
                Boolean.TRUE.equals(row.get("scattered")));
    }

    private static Object required(Map<String, Object> row, String column) {
        Object value = row.get(column);
        if (value == null) {
            throw new IllegalStateException(
                    "sql/backup/detect-tables.sql must return a column " + column + " that is never null");
        }
        return value;
    }

    /** The same table with the bytes of others, whose rows are saved as its own. */
    public Table withSize(long bytes) {
        return new Table(oid, schema, name, kind, persistence, bytes, partitionOf, extension, blank, blocks, scattered);
    }

    /** Whether it keeps rows of its own, and so has a data.sql, or several. */
    public boolean hasData() {
        return "r".equals(kind);
    }

    /** {@code "schema"."table"}, as SQL and pg_dump's patterns take it. */
    public String quoted() {
        return new Relation.Named(schema, name).quoted();
    }
}
