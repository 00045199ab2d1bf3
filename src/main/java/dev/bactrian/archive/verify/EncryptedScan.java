package dev.bactrian.archive.verify;

import dev.bactrian.archive.WholeStream;
import dev.bactrian.archive.read.TrackedStream;
import dev.bactrian.encryption.EncryptedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One reading of an encrypted archive from outside: all that can be said of it without the private key. */
public final class EncryptedScan {

    private EncryptedScan() {}

    /** Reads it to its end; as {@link ArchiveScan#report}. */
    public static ArchiveReport read(String key, InputStream archive, @Nullable String beside, boolean besideExpected)
            throws IOException {
        Differences differences = new Differences();
        TrackedStream source = new TrackedStream(archive);
        WholeStream whole = new WholeStream(source);
        List<String> readers = List.of();
        try {
            readers = EncryptedMessage.read(whole).readers();
        } catch (IOException e) {
            if (source.failure() != null) {
                throw new IOException("The archive " + key + " couldn't be read to the end", e);
            }
            differences.add("The encrypted archive " + e.getMessage() + ".");
        }
        whole.transferTo(OutputStream.nullOutputStream());
        ManifestCheck check = new ManifestCheck(differences);
        check.besideAlone(beside, besideExpected);
        check.whole(key, whole, besideExpected);
        return new ArchiveReport(key, 0, 0, 0, whole.bytes(), whole.sha256(), differences.all(), readers);
    }
}
