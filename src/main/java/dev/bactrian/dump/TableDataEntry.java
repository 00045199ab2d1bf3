package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.run.Progress;
import dev.bactrian.run.RunningTable;
import dev.bactrian.support.BulkOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The data.sql of one table while its rows arrive: a script that loads them by COPY. */
final class TableDataEntry extends BulkOutputStream {

    private final ArchiveEntryWriter entry;
    private final Table table;
    private final Progress progress;
    private final RunningTable running;
    private final RowDigest digest = new RowDigest();

    private TableDataEntry(Table table, ArchiveEntryWriter entry, Progress progress) {
        this.table = table;
        this.entry = entry;
        this.progress = progress;
        this.running = shown(table, progress);
    }

    /** Begins the entry: the settings the rows depend on, then the COPY statement. */
    static TableDataEntry begin(Table table, String copy, String encoding, Archive archive, Progress progress)
            throws IOException {
        ArchiveEntryWriter entry = archive.begin(EntryNames.dataSql(table));
        entry.write(utf8(SessionSettings.scriptHeader(encoding) + QuietTriggers.before(table) + "\n" + copy + "\n"));
        return new TableDataEntry(table, entry, progress);
    }

    /** Shows whoever follows the backup that this table is being dumped. */
    static RunningTable shown(Table table, Progress progress) {
        return progress.begin(table.schema() + "." + table.name(), table.size());
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
        contents.addData(
                table,
                new ArchiveContents.Data(entry.name(), digest.rows(), entry.bytes(), entry.sha256(), digest.hex()));
        progress.done(running);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
