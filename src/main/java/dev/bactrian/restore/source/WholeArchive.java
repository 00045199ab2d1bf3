package dev.bactrian.restore.source;

import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.read.ArchiveSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a file is the archive that a row of the history is about: where no manifest lies beside it, its own hash alone ties it to the row. */
final class WholeArchive {

    private WholeArchive() {}

    /**
     * Compares it by its SHA-256.
     *
     * @param source null where the hash is known
     * @param whole the hash
     */
    static boolean is(Map<String, Object> row, @Nullable ArchiveSource source, @Nullable String whole)
            throws IOException {
        if (source == null) {
            return Objects.equals(row.get("sha256"), whole);
        }
        if (!Objects.equals(row.get("size_bytes"), source.storedSize())) {
            return false;
        }
        String hash = source.storedSha256();
        return Objects.equals(row.get("sha256"), hash != null ? hash : sha256(source));
    }

    private static String sha256(ArchiveSource source) throws IOException {
        try (InputStream in = source.readAll();
                MeasuredStream measured = new MeasuredStream(in)) {
            measured.transferTo(OutputStream.nullOutputStream());
            return measured.sha256();
        }
    }
}
