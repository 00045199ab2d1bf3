package dev.bactrian.restore.target;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Whether a target is one that an archive can go to. */
public final class TargetFitness {

    private TargetFitness() {}

    /**
     * Refuses one that can't take it: of another kind, older, in an encoding of its own, or not open to this role.
     *
     * @throws dev.bactrian.problem.ProblemException saying why
     */
    public static void refuseUnfit(Target target, Manifest manifest, RestoreRequest request) throws SQLException {
        if (request.isPartOfProject() && !target.isSupabase()) {
            throw Target.refused(
                    "The target isn't a Supabase project. Users and files can be restored only into one.",
                    "Set the project's URL as the target, and SUPABASE_<its name>=yes if its tables have other owners "
                            + "than the platform's; or restore schemas with --schema auth --schema storage.");
        }
        int saved = manifest.source().serverMajor();
        if (target.major() < saved && !request.is(Option.OLDER_SERVER)) {
            throw Target.refused(
                    "The target is PostgreSQL " + target.major() + ", older than the saved " + saved + ".",
                    "Restore into PostgreSQL " + saved
                            + " or newer; or add --older-server: what the target doesn't know is then left out, and "
                            + "listed.");
        }
        try (Connection connection = target.connection()) {
            String encoding = Target.text(connection, "SHOW server_encoding");
            String source = manifest.source().encoding();
            if (!encoding.equals(source) && !"UTF8".equals(encoding)) {
                throw Target.refused(
                        "The target's encoding is " + encoding + ", the saved database's " + source
                                + ", which can't store every text.",
                        "Restore into a database of encoding " + source + " or UTF8; --create-database creates one.");
            }
            boolean allowed =
                    "t".equals(Target.text(connection, "SELECT has_database_privilege(current_database(), 'CREATE')"));
            if (!allowed && !request.is(Option.DATA_ONLY)) {
                throw Target.refused(
                        "The role " + target.url().user() + " may not create anything in the target.",
                        "GRANT CREATE ON DATABASE … TO it, or restore as the database's owner.");
            }
        }
    }

    /**
     * Refuses one in which another restore never ended.
     *
     * @throws dev.bactrian.problem.ProblemException saying which
     */
    public static void refuseOther(Target target, Manifest manifest, RestoreRequest request) throws SQLException {
        Optional<Marker> unfinished = Marker.find(target.guard());
        if (unfinished.isEmpty()) {
            return;
        }
        Marker marker = unfinished.get();
        if (!marker.what().equals(Marker.what(manifest.backupId(), request)) || request.is(Option.DRY_RUN)) {
            throw Target.refused(
                    "Another restore began in the target at " + marker.startedAt() + " and never ended: "
                            + marker.what() + ".",
                    "Run that one again, which starts over; or use another database; or, to keep the target as it is, "
                            + "run: DROP SCHEMA " + Marker.SCHEMA + " CASCADE;");
        }
    }
}
