package dev.bactrian.supabase.storage;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.SkewLimit;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;
import org.apache.camel.ExchangeProperty;

/** Whether a backup may lack the files that it lacks. */
public final class SkewCheck {

    private static final String BY_API =
            "Set SUPABASE_SERVICE_ROLE_KEY as well, or SUPABASE_STORAGE=api: the API has all of" + " them.";

    private final SkewLimit limit;

    public SkewCheck(SkewLimit limit) {
        this.limit = limit;
    }

    /**
     * Warns of files that are lacking.
     *
     * @throws ProblemException when it is too many, or all because the store has none of them
     */
    public void check(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("files") FilesRun files) {
        run.getEvidence().done("judge-skew");
        long lacking = files.skewed().count();
        long all = files.saved().count() + lacking;
        if (lacking == 0) {
            return;
        }
        if (files.skew(Skew.Reason.MISSING) == all) {
            throw ProblemException.stopped(
                    "The project's store has none of the " + Units.counted(all, "file") + " that the database lists, "
                            + files.examples() + ".",
                    "Check that SUPABASE_URL (for s3: SUPABASE_S3_ENDPOINT) names the project that the database "
                            + "belongs to; if its files are lost, delete their rows or set BACKUP_STORAGE to false.");
        }
        long unreachable = files.skew(Skew.Reason.UNREACHABLE);
        String what = lacking + " of " + Units.counted(all, "file") + (lacking == 1 ? " isn't" : " aren't")
                + " in the archive: " + files.skew(Skew.Reason.DELETED)
                + " deleted and " + files.skew(Skew.Reason.CHANGED) + " changed since the snapshot, "
                + files.skew(Skew.Reason.MISSING) + " whose bytes the project itself doesn't have"
                + (unreachable == 0 ? "" : ", " + unreachable + " that can't be requested over S3") + ": "
                + files.examples() + ".";
        if (limit.isExceeded(lacking, all)) {
            throw ProblemException.stopped(
                    what + " BACKUP_STORAGE_SKEW_LIMIT allows " + limit + ".",
                    unreachable * 2 > lacking
                            ? BY_API
                            : files.skew(Skew.Reason.MISSING) * 2 > lacking
                                    ? "Upload the missing files again or delete them, or raise BACKUP_STORAGE_SKEW_LIMIT."
                                    : "Back up at a time when fewer files change, or raise BACKUP_STORAGE_SKEW_LIMIT.");
        }
        run.warn(what + " storage/objects.json lists them under skew." + (unreachable == 0 ? "" : " " + BY_API));
    }
}
