package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of a vault. What lies in its table is encrypted with a key that stays with the project: elsewhere only the
 * readable form is of use, and that goes nowhere but into an encrypted archive. No secret is ever logged.
 */
public final class VaultFile {

    private static final String SECRETS = "secrets of the vault";
    private static final Logger LOG = LoggerFactory.getLogger(VaultFile.class);

    /** Refuses a vault with secrets that this role can't read. */
    public void requireReadable(@Header("vault") Map<String, Object> vault, @ExchangeProperty("run") BackupRun run) {
        run.getEvidence().done("direct:check-vault");
        run.getEvidence().found(SECRETS, count(vault));
        if (count(vault) > 0 && !Boolean.TRUE.equals(vault.get("readable"))) {
            String role = run.getDatabase().url().user();
            throw ProblemException.stopped(
                    "The role " + role + " can't read the secrets of the vault.",
                    "As postgres, run: GRANT USAGE ON SCHEMA vault TO " + role
                            + "; GRANT SELECT ON vault.decrypted_secrets TO " + role
                            + "; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA vault TO " + role
                            + "; or set BACKUP_VAULT=false to leave them out.");
        }
    }

    /** Says that a vault's secrets aren't saved, since the archive isn't encrypted. */
    public void leaveOut(@Header("vault") Map<String, Object> vault, @ExchangeProperty("run") BackupRun run) {
        long secrets = count(vault);
        run.getEvidence().done("direct:check-vault");
        if (secrets > 0) {
            String warning = (secrets == 1 ? "The one secret" : "The " + secrets + " secrets")
                    + " of the vault can't be restored from this archive, because secrets are saved only in encrypted "
                    + "archives. Set BACKUP_ENCRYPT_TO; or set BACKUP_VAULT=false to disable this warning.";
            LOG.warn("{}: {}", run, warning);
            run.warn(warning);
        }
    }

    private static long count(Map<String, Object> vault) {
        return vault.get("secrets") instanceof Number secrets ? secrets.longValue() : 0;
    }

    /** Writes them: a JSON array, an object per line. */
    public void add(
            @Body Iterator<Map<String, Object>> secrets,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            ArchiveEntryWriter entry = archive.begin(EntryNames.VAULT_SECRETS);
            long count = 0;
            while (secrets.hasNext()) {
                write(entry, (count++ == 0 ? "[\n" : ",\n") + secrets.next().get("secret"));
                run.getProgress().alive();
            }
            write(entry, count == 0 ? "[]\n" : "\n]\n");
            run.getEvidence().requireAll(SECRETS, count, "read-secrets");
            entry.close();
            contents.addFile(entry.name(), entry.bytes(), entry.sha256());
            run.getEvidence().undone("confirm-platform-tables");
            contents.addSecrets(new SupabaseContents.Secrets(count));
        }
    }

    private static void write(ArchiveEntryWriter entry, String text) throws IOException {
        entry.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
