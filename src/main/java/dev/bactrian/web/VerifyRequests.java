package dev.bactrian.web;

import dev.bactrian.backup.BackupException;
import dev.bactrian.restore.BackupFinder.Kind;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.verify.Scratch;
import java.util.UUID;
import org.apache.camel.ExchangeProperty;

/** Reads and checks requests to prove a backup. */
public final class VerifyRequests {

    private static final int CONFLICT = 409;

    private final Scratch scratch;

    public VerifyRequests(Scratch scratch) {
        this.scratch = scratch;
    }

    /** The restore into a scratch database that {@code POST /api/backups/{id}/verify} asks for. */
    public RestoreOrder order(@ExchangeProperty("backupId") UUID backup, @ExchangeProperty("key") String key) {
        try {
            RestoreRequest request = scratch.request(scratch.newId(), key);
            return new RestoreOrder(request, Kind.KEY, "{}", scratch.address(request), backup.toString());
        } catch (BackupException e) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "verify-off",
                    "Backups can't be verified by a restore here",
                    e.problem().text()));
        }
    }
}
