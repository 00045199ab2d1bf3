package dev.bactrian.archive.verify;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.read.TrackedStream;
import dev.bactrian.postgres.script.CopyReader;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** An entry while it is read from the archive, front to back. */
public final class SavedEntry {

    private final String name;
    private final TrackedStream source;
    private final MeasuredStream measured;
    private final CRC32 crc = new CRC32();
    private final InputStream in;
    private boolean read;

    SavedEntry(String name, InputStream in) {
        this.name = name;
        this.source = new TrackedStream(in);
        this.measured = new MeasuredStream(source);
        this.in = new CheckedInputStream(measured, crc);
    }

    String name() {
        return name;
    }

    /** Whether nobody needs to read it any more. */
    boolean isRead() {
        return read;
    }

    /** CRC-32 of the content, once it has been read. */
    long crc() {
        return crc.getValue();
    }

    /**
     * Reads it to its end, and a table's rows one by one.
     *
     * @throws IOException when it can't be decompressed, or the archive can't be read
     */
    EntryFacts read() throws IOException {
        read = true;
        EntryFacts.Rows rows = EntryNames.isTableData(name) ? rows() : null;
        in.transferTo(OutputStream.nullOutputStream());
        return new EntryFacts(name, measured.bytes(), measured.sha256(), rows);
    }

    /** Its text, when it is a manifest, before {@link #read} reads the rest. */
    String text() throws IOException {
        read = true;
        return ManifestText.text(in, ReadLimits.HERE);
    }

    /** Its content, for whoever doesn't want to hold it; {@link #read} reads the rest. */
    InputStream stream() {
        read = true;
        return in;
    }

    private EntryFacts.Rows rows() throws IOException {
        RowDigest digest = new RowDigest();
        CopyStatement statement = null;
        String problem = null;
        try {
            CopyReader reader = new CopyReader(in);
            String copy = reader.nextCopy();
            if (copy == null) {
                problem = "there is no COPY statement in it";
            } else {
                statement = CopyStatement.parse(copy);
                reader.copyRows(OutputStream.nullOutputStream(), digest);
                problem = reader.nextCopy() == null ? null : "there is more than one table in it";
            }
        } catch (IOException e) {
            if (source.failure() != null) {
                throw e;
            }
            problem = String.valueOf(e.getMessage());
        }
        return new EntryFacts.Rows(statement, digest.rows(), digest.hex(), problem);
    }
}
