package dev.bactrian.restore.definitions;

import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rights that a Supabase project's default privileges give to whatever is made in it. The saved project had them, too, and
 * its grants say what was left of them: a right that was taken away there must not come back here. Archives that know no
 * default privileges for a schema leave those of the target.
 */
public final class DefaultGrants {

    /** Relations and routines of the schemas, with who may do something with them but their owners. */
    private static final String GIVEN =
            """
            SELECT o.id, o.revoke || string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
              FROM (SELECT 'r' || oid AS id, relnamespace AS schema, relowner AS owner, relacl AS acl, false AS public,
                           'REVOKE ALL ON ' || CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || oid::regclass || ' FROM ' AS revoke
                      FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                    UNION ALL
                    SELECT 'f' || oid, pronamespace, proowner, proacl, true, 'REVOKE ALL ON ROUTINE ' || oid::regprocedure || ' FROM '
                      FROM pg_proc) o
              JOIN pg_namespace n ON n.oid = o.schema, LATERAL aclexplode(o.acl) a
             WHERE n.nspname IN (%s) AND a.grantee <> o.owner AND NOT (o.public AND a.grantee = 0)
             GROUP BY o.id, o.revoke""";

    private final RestoreRun run;
    private final Connection connection;
    private final String query;
    private final boolean idle;
    private final Set<String> before;

    DefaultGrants(RestoreRun run, Target target, RestorePlan plan, Connection connection) throws SQLException {
        this.run = run;
        this.connection = connection;
        List<String> schemas = schemas(target, plan, run.getRequest());
        this.idle = schemas.isEmpty();
        this.query = GIVEN.formatted(schemas.stream().map(Relation::literal).collect(Collectors.joining(", ")));
        this.before = idle ? Set.of() : new HashSet<>(Target.texts(connection, query));
    }

    /** In which schemas they are taken back. */
    public static List<String> schemas(Target target, RestorePlan plan, RestoreRequest request) {
        if (!target.isSupabase() || request.is(RestoreRequest.Option.NO_PRIVILEGES) || request.intoSchema() != null) {
            return List.of();
        }
        return plan.definitions().all().stream()
                .filter(entry ->
                        "DEFAULT ACL".equals(entry.type()) && !entry.schema().isEmpty())
                .map(ScriptEntry::schema)
                .distinct()
                .filter(schema -> !Platform.managedSchema(schema))
                .toList();
    }

    /** Takes them from what has been made since. Its own grants follow. */
    void takeBack() throws SQLException {
        if (idle) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String revoke : revokes()) {
                try {
                    statement.execute(revoke);
                } catch (SQLException e) {
                    if (FatalErrors.endsAll(e)) {
                        throw e;
                    }
                    run.getReport()
                            .add(new NotApplied(
                                    "rights by default privileges",
                                    FatalErrors.firstLine(e)
                                            + " What was revoked in the saved project is allowed in this one.",
                                    revoke + ";"));
                }
            }
        }
    }

    private List<String> revokes() throws SQLException {
        return before.isEmpty()
                ? Target.texts(connection, "SELECT revoke FROM (" + query + ") AS given (id, revoke)")
                : Target.texts(
                        connection,
                        "SELECT revoke FROM (" + query + ") AS given (id, revoke) WHERE id NOT IN ("
                                + before.stream().map(Relation::literal).collect(Collectors.joining(", ")) + ")");
    }
}
