package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.run.Progress;
import dev.bactrian.run.RunningTable;
import dev.bactrian.support.BulkOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The data.sql of one table, or of a range of it, while its rows arrive: a script that loads them by COPY. */
final class TableDataEntry extends BulkOutputStream {

    private final ArchiveEntryWriter entry;
    private final Table table;
    private final Progress progress;
    private final RunningTable running;
    private final @Nullable BlockRange range;
    private final RowDigest digest = new RowDigest();

    private TableDataEntry(Table table, @Nullable BlockRange range, ArchiveEntryWriter entry, Progress progress) {
        this.table = table;
        this.range = range;
        this.entry = entry;
        this.progress = progress;
        this.running = shown(table, range, progress);
    }

    /**
     * Begins the entry: the settings the rows depend on, then the COPY statement.
     *
     * @param range of the table; null for all of it
     */
    static TableDataEntry begin(
            Table table, @Nullable BlockRange range, String copy, String encoding, Archive archive, Progress progress)
            throws IOException {
        ArchiveEntryWriter entry =
                archive.begin(range == null ? EntryNames.dataSql(table) : EntryNames.dataSql(table, range.number()));
        entry.write(utf8(SessionSettings.scriptHeader(encoding) + QuietTriggers.before(table) + "\n" + copy + "\n"));
        return new TableDataEntry(table, range, entry, progress);
    }

    /** Shows that this table, or this range of it, is being read. */
    static RunningTable shown(Table table, @Nullable BlockRange range, Progress progress) {
        String name = table.schema() + "." + table.name();
        return range == null
                ? progress.begin(name, table.size())
                : progress.begin(name + " (" + range.number() + "/" + range.count() + ")", range.share(table.size()));
    }

    RowDigest digest() {
        return digest;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        entry.write(bytes, offset, length);
        progress.moved(length);
        running.moved(length);
    }

    /** Ends the entry, and notes it among the archive's contents. */
    void finish(ArchiveContents contents) throws IOException {
        entry.write(utf8("\\.\n" + QuietTriggers.after(table)));
        entry.close();
        ArchiveContents.Data data =
                new ArchiveContents.Data(entry.name(), digest.rows(), entry.bytes(), entry.sha256(), digest.hex());
        boolean last = range == null
                ? contents.addData(table, 1, 1, data)
                : contents.addData(table, range.number(), range.count(), data);
        progress.ended(running);
        if (last) {
            progress.tableDone();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
