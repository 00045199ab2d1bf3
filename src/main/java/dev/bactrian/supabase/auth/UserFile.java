package dev.bactrian.supabase.auth;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.camel.ExchangeProperty;

/** Opens the users that an import takes: a JSON file, or the entry of a backup. */
public final class UserFile {

    /** Whether a file is meant, and not a backup, by its name's end. */
    public static boolean isJson(@ExchangeProperty("backup") String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".json");
    }

    /**
     * Opens a file.
     *
     * @throws ProblemException when there is none
     */
    public UserReader local(@ExchangeProperty("backup") String file, @ExchangeProperty("run") RestoreRun run)
            throws IOException {
        try {
            InputStream in = Files.newInputStream(Path.of(file));
            run.closeAtEnd(in);
            return new UserReader(in, file, () -> {});
        } catch (NoSuchFileException e) {
            throw Target.refused("There is no file " + file + ".", "Name a file, or a backup.");
        }
    }

    /**
     * Opens the entry of a backup, whose end is held against the manifest.
     *
     * @throws ProblemException when it has none
     */
    public UserReader saved(@ExchangeProperty("saved") SavedBackup saved, @ExchangeProperty("run") RestoreRun run)
            throws IOException {
        if (!saved.reader().has(EntryNames.USERS)) {
            throw Target.refused(
                    saved.name() + " has no " + EntryNames.USERS + ".",
                    "Use a backup of a Supabase project that was made with BACKUP_AUTH_USERS=true. Other backups may "
                            + "have the rows of auth.users: to restore them, run ./bactrian restore --table "
                            + "auth.users.");
        }
        CheckedEntry in = open(saved, run);
        run.closeAtEnd(in);
        return new UserReader(in, saved.name(), () -> requireWhole(in));
    }

    private static CheckedEntry open(SavedBackup saved, RestoreRun run) throws IOException {
        try {
            return CheckedEntry.openCopy(saved, EntryNames.USERS, run);
        } catch (DamagedArchiveException e) {
            throw damaged(e);
        }
    }

    private static void requireWhole(CheckedEntry in) throws IOException {
        try {
            in.requireWhole();
        } catch (DamagedArchiveException e) {
            throw damaged(e);
        }
    }

    private static ProblemException damaged(DamagedArchiveException damage) {
        return Target.refused("The archive is damaged: " + damage.getMessage() + ".", "Use another backup.");
    }
}
