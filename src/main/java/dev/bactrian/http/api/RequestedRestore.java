package dev.bactrian.http.api;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.restore.source.BackupFinder.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A restore that a caller asked for, checked.
 *
 * @param kind how the backup is named: never {@code FILE}, since callers get at no files of this machine
 * @param asked the request's body without its confirmation, as JSON
 * @param target {@code host:port/database} of the database that is written to
 * @param backupId of the archive's manifest; null until that is found
 */
public record RequestedRestore(
        RestoreRequest request, Kind kind, String asked, String target, @Nullable String backupId) {

    public UUID id() {
        return request.id();
    }

    public String backup() {
        return request.backup();
    }

    /** Name of the configured database, which is the target's server where a database is created. */
    public String database() {
        return request.target();
    }

    /** The database whose latest backup is asked for. */
    public String latestOf() {
        return BackupFinder.latestOf(backup());
    }

    /** The same for an archive that is there. */
    RequestedRestore of(String key, String manifestsId) {
        return new RequestedRestore(request.of(key), kind, asked, target, manifestsId);
    }
}
