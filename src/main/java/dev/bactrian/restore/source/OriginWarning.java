package dev.bactrian.restore.source;

import dev.bactrian.archive.read.Origin;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Says what an archive can do to the server that it is restored to, where nothing vouches for it. */
public final class OriginWarning {

    /** Roles that can run programs on the server's machine, or write its files: by themselves, or through a role they are in. */
    private static final String POWERFUL =
            "SELECT rolsuper OR pg_catalog.pg_has_role(rolname, 'pg_execute_server_program', 'MEMBER')"
                    + " OR pg_catalog.pg_has_role(rolname, 'pg_write_server_files', 'MEMBER')"
                    + " FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user";

    /** Notes it in the report, before anything is written. */
    public void note(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("origin") @Nullable Origin origin)
            throws SQLException {
        if (origin == null) {
            throw LeftOutStep.refusal(
                    "a whole restore",
                    Map.of("direct:check-origin", "it is unknown whether the archive is the one that was saved"));
        }
        warn(run, target, origin);
        run.getEvidence().done("warn-of-unknown");
    }

    private static void warn(RestoreRun run, Target target, Origin origin) throws SQLException {
        if (origin.moved()) {
            run.getReport()
                    .note("The archive's manifest names a different key than the one that it is stored under: it was "
                            + "moved, or replaced.");
        }
        if (origin.isKnown()) {
            return;
        }
        try (Connection connection = target.connection()) {
            if ("t".equals(Target.text(connection, POWERFUL))) {
                run.getReport()
                        .note("Warning: neither " + (origin.asked() ? "the history" : "a history (none was queried)")
                                + " nor a signature shows where this archive comes from, and "
                                + target.url().user()
                                + " is a superuser there, or as powerful: functions, triggers and index expressions "
                                + "of the archive run with its rights, and can gain control of the target's server "
                                + "and the machine it runs on. Restore it only if you trust everyone who can write to "
                                + "the bucket or the file; or as a role that owns only the target. RESTORE_VERIFY_KEY "
                                + "(--verify-key) refuses archives that aren't signed.");
            }
        }
    }
}
