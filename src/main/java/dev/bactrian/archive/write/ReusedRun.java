package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.support.Crc32;
import java.io.IOException;
import java.util.List;

/**
 * Entries of an archive in the store that lie there one behind the other, and are taken over as they are.
 *
 * @param key of that archive
 */
public record ReusedRun(String key, List<Entry> entries) {

    /**
     * One of them.
     *
     * @param place where it lies in that archive
     * @param bytes of its content
     * @param sha256 of its content
     */
    public record Entry(String name, EntryPlace place, long bytes, String sha256) {}

    /** Those of one archive must follow each other. */
    public ReusedRun {
        entries = List.copyOf(entries);
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).place().offset() != entries.get(i - 1).place().end()) {
                throw new IllegalArgumentException(entries.get(i).name() + " doesn't follow "
                        + entries.get(i - 1).name());
            }
        }
    }

    /** All their bytes. */
    public StoredRange range() {
        long crc = entries.get(0).place().crc32();
        for (Entry entry : entries.subList(1, entries.size())) {
            crc = Crc32.combine(crc, entry.place().crc32(), entry.place().length());
        }
        long offset = entries.get(0).place().offset();
        return new StoredRange(
                key, offset, entries.get(entries.size() - 1).place().end() - offset, crc);
    }

    /**
     * Adds them to an archive whose zip no worker is writing; none of their bytes come by here.
     *
     * @param opener reads from the archive that has them
     */
    public void addTo(Archive archive, RangeOpener opener) throws IOException {
        if (!archive.takeStraight()) {
            throw new IllegalStateException("Entries are copied from an archive before others are written");
        }
        try {
            for (Entry entry : entries) {
                archive.written.claim(entry.name());
                archive.written.place(entry.name(), archive.zip.reuse(entry.name(), entry.place(), entry.bytes()));
                archive.written.add(entry.name(), entry.sha256());
            }
            archive.zip.flush();
            archive.pipe.put(range(), opener);
        } finally {
            archive.appendWaiting();
        }
    }
}
