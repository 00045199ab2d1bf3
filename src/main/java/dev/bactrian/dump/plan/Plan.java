package dev.bactrian.dump.plan;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that one backup will hold, and in which portions the data is read.
 *
 * @param tables every table that is saved, by schema and name
 * @param groups the data of ordinary tables, in portions for one pg_dump each, and of large ones in ranges
 * @param extensionTables tables that are copied without pg_dump: those that extensions made, which it would leave empty
 *     without a word, and partitions that are saved without their partitioned table, whose rows it would print as that one's
 * @param objects which table an object belongs to
 * @param selection what is left out
 * @param supabase what of a Supabase project is saved besides
 * @param wholes partitioned tables whose rows are saved as their own
 * @param unchanged tables in no group, whose rows are taken over from an earlier archive
 */
public record Plan(
        ServerInfo server,
        List<Schema> schemas,
        List<Table> tables,
        List<DumpGroup> groups,
        List<Table> extensionTables,
        List<Sequence> sequences,
        List<Relation.Named> materializedViews,
        Map<ObjectId, Long> objects,
        Selection selection,
        SupabaseParts supabase,
        List<WholeTable> wholes,
        List<Table> unchanged) {

    /** The same with tables that aren't read. */
    public Plan withUnchanged(List<DumpGroup> read, List<Table> takenOver) {
        return new Plan(
                server,
                schemas,
                tables,
                read,
                extensionTables,
                sequences,
                materializedViews,
                objects,
                selection,
                supabase,
                wholes,
                takenOver);
    }

    /** The oids of all tables whose rows are saved, read or taken over. */
    public Set<Long> withRows() {
        return Stream.of(
                        groups.stream().flatMap(group -> group.tables().stream()),
                        extensionTables.stream(),
                        wholes.stream().map(WholeTable::table),
                        unchanged.stream())
                .flatMap(tables -> tables)
                .map(Table::oid)
                .collect(Collectors.toSet());
    }

    /** How many large objects are saved. */
    public long largeObjects() {
        return selection.largeObjects() ? server.largeObjects() : 0;
    }

    /** A schema and its owner. */
    public record Schema(String name, String owner) {}

    /** An object's address in the catalogs: pg_class's oid of the catalog, and the object's own. */
    public record ObjectId(long catalog, long oid) {}
}
