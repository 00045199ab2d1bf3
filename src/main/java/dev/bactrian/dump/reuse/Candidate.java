package dev.bactrian.dump.reuse;

import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.Reusable;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ReusedRun;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.script.RowDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that may be taken over: an earlier archive has its rows, in entries of the names that they would have now.
 *
 * @param rows of it there
 * @param rowDigest of these
 * @param parts its entries there, in their order
 */
record Candidate(Table table, long rows, String rowDigest, List<Part> parts) {

    /**
     * An entry.
     *
     * @param data what it holds
     * @param place where it lies
     */
    record Part(ArchiveContents.Data data, EntryPlace place) {

        ReusedRun.Entry entry() {
            return new ReusedRun.Entry(data.entry(), place, data.bytes(), data.sha256());
        }

        static @Nullable Part of(DataEntry told, String name, @Nullable EntryPlace place, long size) {
            if (!name.equals(told.entry())
                    || told.rows() == null
                    || told.bytes() == null
                    || told.sha256() == null
                    || told.rowDigest() == null
                    || place == null
                    || !isInside(place, size)) {
                return null;
            }
            return new Part(
                    new ArchiveContents.Data(name, told.rows(), told.bytes(), told.sha256(), told.rowDigest()), place);
        }

        private static boolean isInside(EntryPlace place, long size) {
            return place.offset() >= 0
                    && place.length() > 0
                    && place.compressed() >= 0
                    && place.offset() <= size - place.length();
        }
    }

    /**
     * What a manifest tells of a table.
     *
     * @param size bytes of its archive
     * @return null where that doesn't have its rows, or doesn't tell all of them
     */
    static @Nullable Candidate of(Table table, Manifest.TablePart before, Reusable earlier, long size) {
        if (!before.hasRows()
                || before.isPartitioned()
                || before.extension() != null
                || before.rows() == null
                || before.rowDigest() == null
                || !RowDigest.NAME.equals(before.rowDigestKind())) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        for (DataEntry told : before.rowEntries()) {
            String name = before.dataEntries() == null
                    ? EntryNames.dataSql(table)
                    : EntryNames.dataSql(table, parts.size() + 1);
            Part part = Part.of(told, name, earlier.places().get(name), size);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return new Candidate(table, before.rows(), before.rowDigest(), parts);
    }
}
