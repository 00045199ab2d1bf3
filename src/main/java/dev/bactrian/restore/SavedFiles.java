package dev.bactrian.restore;

import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.apache.camel.ExchangeProperty;

/** Fetches what a restore needs of an archive beside the rows: the schema dump, and the roles. */
public final class SavedFiles {

    private static final int LARGEST_ROLES = 64 << 20;

    /** Copies the schema dump, small beside any data, to where pg_restore can read it. */
    public void fetchSchemaDump(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws IOException {
        try (DigestInputStream in = open(saved, EntryNames.SCHEMA_DUMP)) {
            Files.copy(in, RestorePrograms.schemaDump(run));
            require(saved, EntryNames.SCHEMA_DUMP, in);
        } catch (DamagedArchiveException e) {
            throw new BackupException(
                    new Problem(
                            "The archive is damaged: " + e.getMessage() + ".",
                            "Nothing was changed.",
                            "Take another backup. One table's definition may still be whole in its schema.sql: see README.txt."),
                    e);
        }
    }

    private static DigestInputStream open(SavedBackup saved, String entry) throws IOException {
        try {
            InputStream in = saved.reader().open(entry);
            return new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void require(SavedBackup saved, String entry, DigestInputStream read) throws IOException {
        ArchiveContents.File told = saved.manifest().files().get(entry);
        String sha256 = HexFormat.of().formatHex(read.getMessageDigest().digest());
        if (told == null || !told.sha256().equals(sha256)) {
            throw new DamagedArchiveException("the SHA-256 of " + entry + " isn't the manifest's");
        }
    }

    /** Makes the roles that the target lacks, where everything is restored. */
    public void restoreRoles(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved)
            throws IOException, SQLException {
        RestoreRequest request = run.getRequest();
        boolean wanted = request.isEverything()
                && !request.is(RestoreRequest.Option.SKIP_ROLES)
                && !request.is(RestoreRequest.Option.DATA_ONLY);
        if (!wanted || !saved.reader().has(EntryNames.ROLES)) {
            return;
        }
        try (DigestInputStream in = open(saved, EntryNames.ROLES);
                Connection connection = target.connection()) {
            String script = new String(in.readNBytes(LARGEST_ROLES), java.nio.charset.StandardCharsets.UTF_8);
            if (in.read() >= 0) {
                throw new DamagedArchiveException(EntryNames.ROLES + " is larger than any list of roles");
            }
            require(saved, EntryNames.ROLES, in);
            RolesScript roles = RolesScript.parse(script);
            roles.apply(connection, name -> target.isSupabase() && Platform.role(name))
                    .forEach(run.getReport()::add);
            if (!roles.existing().isEmpty()) {
                run.getReport()
                        .note("Roles that were there already stayed as they are: " + String.join(", ", roles.existing())
                                + ".");
            }
        }
    }
}
