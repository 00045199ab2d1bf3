package dev.bactrian.dump;

import dev.bactrian.archive.Archive;
import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.archive.ArchiveEntryWriter;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.backup.BackupRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Puts whole files into the archive. */
public final class ArchiveFiles {

    /** The body becomes an entry. */
    public void add(
            @Body Object body,
            String name,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        try (BackupRun.Work work = run.beginWork();
                InputStream in = open(body)) {
            ArchiveEntryWriter entry = archive.begin(name);
            in.transferTo(entry);
            entry.close();
            contents.addFile(name, entry.bytes(), entry.sha256());
        }
    }

    /** The schema dump that waits in the work folder becomes an entry. */
    public void addSchemaDump(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        add(Files.newInputStream(PgPrograms.schemaDumpFile(run)), EntryNames.SCHEMA_DUMP, run, archive, contents);
    }

    private static InputStream open(Object body) {
        return body instanceof InputStream stream
                ? stream
                : new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
