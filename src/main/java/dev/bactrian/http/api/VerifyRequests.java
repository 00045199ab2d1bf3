package dev.bactrian.http.api;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.source.BackupFinder.Kind;
import dev.bactrian.verify.ScratchDatabase;
import java.util.UUID;
import org.apache.camel.ExchangeProperty;

/** Reads and checks requests to prove a backup. */
public final class VerifyRequests {

    private static final int CONFLICT = 409;

    private final ScratchDatabase scratch;

    public VerifyRequests(ScratchDatabase scratch) {
        this.scratch = scratch;
    }

    /** The restore into a scratch database that {@code POST /api/backups/{id}/verify} asks for. */
    public RequestedRestore order(@ExchangeProperty("backupId") UUID backup, @ExchangeProperty("key") String key) {
        try {
            RestoreRequest request = scratch.request(scratch.newId(), key);
            return new RequestedRestore(request, Kind.KEY, "{}", scratch.address(request), backup.toString());
        } catch (ProblemException e) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "verify-off",
                    "This service can't verify backups by a restore",
                    e.problem().text()));
        }
    }
}
