package dev.bactrian.dump;

import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.TableRows;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.script.RowDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables of a plan, joined with what the workers wrote of them. */
final class TableParts {

    private static final Map<String, String> KINDS =
            Map.of("r", "table", "p", Manifest.PARTITIONED, "f", "foreign table");

    private final Plan plan;
    private final ArchiveContents contents;
    private final Map<Long, Table> byOid = new HashMap<>();
    private final Map<Long, Long> rowsOfPartitions = new HashMap<>();
    /** By the oid of what is below it, on whatever level. */
    private final Map<Long, Table> wholes = new HashMap<>();

    TableParts(Plan plan, ArchiveContents contents) {
        this.plan = plan;
        this.contents = contents;
        plan.tables().forEach(table -> byOid.put(table.oid(), table));
        plan.tables().forEach(this::countForParents);
        plan.wholes().forEach(whole -> whole.parts().forEach(part -> keepIn(whole.table(), part)));
    }

    private void keepIn(Table whole, Table part) {
        for (Table at = part; at != null && at.oid() != whole.oid(); ) {
            wholes.put(at.oid(), whole);
            at = at.partitionOf() == null ? null : byOid.get(at.partitionOf());
        }
    }

    private void countForParents(Table table) {
        long rows = contents.data(table.oid()).map(TableRows::rows).orElse(0L);
        for (Long parent = table.partitionOf(); parent != null; ) {
            rowsOfPartitions.merge(parent, rows, Long::sum);
            Table above = byOid.get(parent);
            parent = above == null ? null : above.partitionOf();
        }
    }

    List<Manifest.TablePart> all() {
        return plan.tables().stream().map(this::part).toList();
    }

    private Manifest.TablePart part(Table table) {
        TableRows data = contents.data(table.oid()).orElse(null);
        ArchiveContents.Data one =
                data == null || data.isSplit() ? null : data.entries().get(0);
        ArchiveContents.Schema schema = contents.schema(table.oid()).orElse(null);
        Table whole = wholes.get(table.oid());
        boolean counts = "p".equals(table.kind())
                && whole == null
                && !plan.selection().isIncomplete(table.schema(), table.name());
        Long partitioned = counts ? rowsOfPartitions.getOrDefault(table.oid(), 0L) : null;
        Table parent = table.partitionOf() == null ? null : byOid.get(table.partitionOf());
        return new Manifest.TablePart(
                table.schema(),
                table.name(),
                KINDS.getOrDefault(table.kind(), table.kind()),
                parent == null ? null : parent.quoted(),
                table.extension(),
                data == null ? partitioned : Long.valueOf(data.rows()),
                data == null ? null : data.bytes(),
                one == null ? null : one.sha256(),
                data == null ? null : data.rowDigest(),
                data == null ? null : RowDigest.NAME,
                schema == null ? null : schema.entry(),
                one == null ? null : one.entry(),
                whole == null ? null : whole.quoted(),
                schema == null ? null : schema.sha256(),
                data == null || !data.isSplit() ? null : entries(data));
    }

    private static List<DataEntry> entries(TableRows split) {
        return split.entries().stream()
                .map(data -> new DataEntry(data.entry(), data.rows(), data.bytes(), data.sha256(), data.rowDigest()))
                .toList();
    }
}
