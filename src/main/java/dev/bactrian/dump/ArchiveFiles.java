package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.program.LiveOutput;
import dev.bactrian.postgres.program.SavedOutput;
import dev.bactrian.run.StoppableRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Puts whole files into the archive. */
public final class ArchiveFiles {

    private static final int BUFFER = 1 << 16;

    /** The body becomes an entry. */
    public void add(
            @Body Object body,
            String name,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork();
                InputStream in = open(body)) {
            copy(in, archive.begin(name), run, contents);
        }
    }

    /** As {@link #add}, for what is compressed already. */
    public void addStored(
            @Body InputStream body,
            String name,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork();
                InputStream in = unread(body)) {
            copy(in, archive.beginStored(name), run, contents);
        }
    }

    /** The dump of a schema becomes an entry, as it is: it is compressed already. */
    public void addFormatDump(
            @Body InputStream dump,
            @Header("schema") Plan.Schema schema,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        String name = EntryNames.schemaFormatDump(schema.name(), plan.server().snapshotAt());
        addStored(dump, name, run, archive, contents);
    }

    private static void copy(InputStream in, ArchiveEntryWriter entry, BackupRun run, ArchiveContents contents)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            entry.write(buffer, 0, count);
            run.getProgress().moved(count);
        }
        entry.close();
        contents.addFile(entry.name(), entry.bytes(), entry.sha256());
    }

    /** The schema dump that waits in the work folder becomes an entry. */
    public void addSchemaDump(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        add(Files.newInputStream(PgPrograms.schemaDumpFile(run)), EntryNames.SCHEMA_DUMP, run, archive, contents);
    }

    /** Other streams may be what somebody adds: only a program's output is known. */
    private static InputStream unread(InputStream body) {
        return body instanceof LiveOutput ? SavedOutput.of(body, "the step that saves it") : body;
    }

    private static InputStream open(Object body) {
        return body instanceof InputStream stream
                ? unread(stream)
                : new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
