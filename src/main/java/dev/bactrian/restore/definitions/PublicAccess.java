package dev.bactrian.restore.definitions;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may use schema {@code public} of a Supabase project. Every new project lets the API's roles in, and what its dump says is
 * only whom to let in: where the saved project had shut them out, they would be in again. That is listed and not done, because
 * the API answers 401 to everything where it was meant otherwise.
 */
public final class PublicAccess {

    /** PUBLIC isn't one: what it lost is a REVOKE in the dump. */
    private static final Set<String> API_ROLES = Set.of("anon", "authenticated", "service_role");

    /** As pg_dump prints it (buildACLCommands of dumputils.c). */
    private static final Pattern GRANT =
            Pattern.compile("GRANT [A-Z, ]+ ON SCHEMA public TO (\\S+?)(?: WITH GRANT OPTION)?;");

    private static final String HAVE =
            """
            SELECT DISTINCT r.rolname
              FROM pg_catalog.pg_namespace n
              CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
              JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
             WHERE n.nspname = 'public' AND a.grantee <> n.nspowner""";

    private PublicAccess() {}

    /** Lists roles that may use it in the target alone. */
    public static void compare(RestoreRun run, RestorePlan plan, Target target, Connection connection)
            throws SQLException, IOException {
        List<ScriptEntry> grants = plan.definitions().all().stream()
                .filter(entry -> "ACL".equals(entry.type()) && "SCHEMA public".equals(entry.tag()))
                .toList();
        if (!target.isSupabase()
                || plan.backup().manifest().supabase() == null
                || !plan.everything()
                || grants.isEmpty()
                || run.getRequest().is(Option.NO_PRIVILEGES)
                || run.getRequest().is(Option.DATA_ONLY)) {
            return;
        }
        Set<String> more = new TreeSet<>(Target.texts(connection, HAVE));
        more.removeIf(role -> !API_ROLES.contains(role));
        for (ScriptEntry entry : grants) {
            Matcher grant = GRANT.matcher(plan.definitions().text(entry));
            while (grant.find()) {
                more.remove(grant.group(1));
            }
        }
        if (!more.isEmpty()) {
            run.getReport()
                    .add(new NotApplied(
                            "rights on schema public",
                            "In this project " + String.join(", ", more) + " may use it; in the saved project they "
                                    + "weren't granted that. The API needs it to respond for them.",
                            "REVOKE ALL ON SCHEMA public FROM " + Relation.quoted(more) + ";"));
        }
    }
}
