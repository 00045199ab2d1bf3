package dev.bactrian.verify;

import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.archive.verify.ArchiveScan;
import dev.bactrian.archive.verify.EncryptedScan;
import dev.bactrian.archive.verify.SavedEntry;
import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** What the routes of {@code routes/restore/verify-archive.camel.yaml} do at each step. */
public final class ArchiveVerifier {

    private final ErrorTranslators translators;
    private final @Nullable DecryptionKey decryptionKey;

    /**
     * Prepares for archives.
     *
     * @param translators knows what the store's errors mean
     * @param decryptionKey opens encrypted archives; null where there is no key
     */
    public ArchiveVerifier(ErrorTranslators translators, @Nullable DecryptionKey decryptionKey) {
        this.translators = translators;
        this.decryptionKey = decryptionKey;
    }

    /** Whether an archive is encrypted and can't be opened here. */
    public boolean isLocked(@ExchangeProperty("key") String key) {
        return StoreKeys.isSealed(key) && decryptionKey == null;
    }

    /** Reads an archive that is locked to its end, and reports on what can be seen of it. */
    public ArchiveReport readLocked(
            @Body InputStream archive,
            @ExchangeProperty("key") String key,
            @ExchangeProperty("manifestText") @Nullable String manifest,
            @ExchangeProperty("stored") @Nullable Boolean stored)
            throws IOException {
        try (archive) {
            return EncryptedScan.read(key, archive, manifest, Boolean.TRUE.equals(stored));
        }
    }

    /**
     * Begins to read an archive.
     *
     * @param manifest the text of the manifest beside it, null where there is none
     */
    public ArchiveScan begin(
            @Body InputStream archive,
            @ExchangeProperty("key") String key,
            @ExchangeProperty("manifestText") @Nullable String manifest) {
        return new ArchiveScan(key, archive, manifest, StoreKeys.isSealed(key) ? decryptionKey : null);
    }

    /** Says that the store doesn't give the archive out. */
    public void unreadable(
            @ExchangeProperty("key") String key, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        String why =
                translators.known(cause).map(Problem::cause).orElseGet(() -> ErrorTranslators.innermost(cause) + ".");
        throw new ProblemException(
                new Problem(
                        "The store doesn't return " + key + ": " + why,
                        "Nothing was verified.",
                        "Check the key (./bactrian list shows those of all backups), and the store with ./bactrian "
                                + "check."),
                cause);
    }

    /** Reads one entry to its end. */
    public void check(@Body SavedEntry entry, @ExchangeProperty("pass") ArchiveScan pass) throws IOException {
        pass.check(entry);
    }

    /**
     * Compares what was read with the manifests.
     *
     * @param stored true when the archive comes from the store, where a manifest has to be beside it
     */
    public ArchiveReport report(
            @ExchangeProperty("pass") ArchiveScan pass, @ExchangeProperty("stored") @Nullable Boolean stored)
            throws IOException {
        return pass.report(Boolean.TRUE.equals(stored));
    }

    /** Whether a reading found something. */
    public boolean isDamaged(@Body ArchiveReport report) {
        return !report.differences().isEmpty();
    }

    /** The text of the manifest in it. */
    public @Nullable String inside(@ExchangeProperty("pass") ArchiveScan pass) {
        return pass.manifest;
    }

    /** Ends the reading, however it went. */
    public void close(@ExchangeProperty("pass") ArchiveScan pass) throws IOException {
        pass.close();
    }
}
