package dev.bactrian.http.api;

import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Checks whether a backup may be deleted on request. */
public final class DeleteRequests {

    private static final int CONFLICT = 409;

    /** Whether the caller insists on deleting a database's last good backup. */
    public boolean force(@Header("force") @Nullable String force) {
        if (force != null && !"true".equals(force) && !"false".equals(force)) {
            throw ApiException.badRequest("force must be true or false.");
        }
        return "true".equals(force);
    }

    /** The key of an archive that can be deleted; one whose deletion has begun is no exception. */
    public String key(@Body Map<String, Object> row) {
        if (!"success".equals(row.get("status")) || row.get("s3_key") == null) {
            throw conflict(
                    "no-archive",
                    "This backup has no archive",
                    "Its status is " + row.get("status") + ". Only a successful backup has an archive. A backup in "
                            + "progress can be cancelled.");
        }
        return String.valueOf(row.get("s3_key"));
    }

    /** Refuses what another system reported, or somebody has replaced in the store. */
    public void refuseForeign(@ExchangeProperty("owned") boolean owned) {
        if (!owned) {
            throw conflict(
                    "foreign-archive",
                    "This archive isn't Bactrian's",
                    "There is no manifest next to it that names this backup. Nothing was deleted. Delete the archive "
                            + "in the store yourself.");
        }
    }

    /** Says why the deletion may not begin. */
    public void refuse(@Body @Nullable Object restore) {
        if (restore != null) {
            throw conflict(
                    "backup-in-use",
                    "This backup is being restored",
                    "Restore " + restore + " is reading it. Nothing was deleted. Wait until the restore has ended, or "
                            + "cancel it.");
        }
        throw conflict(
                "last-backup",
                "This is the last good backup of its database",
                "Nothing was deleted. Make another backup first, or add force=true to delete it anyway.");
    }

    private static ApiException conflict(String code, String title, String detail) {
        return new ApiException(new ApiProblem(CONFLICT, code, title, detail));
    }
}
