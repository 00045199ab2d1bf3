package dev.bactrian.restore.steps;

import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.TableEntries;
import dev.bactrian.restore.ddl.TableRights;
import dev.bactrian.restore.ddl.TableRights.Right;
import dev.bactrian.restore.definitions.DefaultGrants;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may read or change a table of the archive that may not do so with the target's. */
final class TableAccess {

    private static final String ROLES = "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT rolsuper";

    /** What a new table of this role's allows by itself: in one schema, or (null) in all. */
    private static final String DEFAULTS =
            """
            SELECT n.nspname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type
              FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
              LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
             WHERE d.defaclobjtype = 'r' AND a.grantee <> d.defaclrole
               AND d.defaclrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)""";

    private final RestoreRequest request;
    private final Set<String> roles;
    private final Map<String, Set<Right>> defaults = new HashMap<>();
    /** Schemas in which new tables lose them again. */
    private final List<String> takenBack;

    TableAccess(Connection connection, Target target, RestorePlan plan, RestoreRequest request) throws SQLException {
        this.request = request;
        this.roles = new HashSet<>(Target.texts(connection, ROLES));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DEFAULTS)) {
            while (rows.next()) {
                String schema = rows.getString(1);
                defaults.computeIfAbsent(schema == null ? "" : schema, none -> new HashSet<>())
                        .add(new Right(rows.getString(2), rows.getString(3), ""));
            }
        }
        this.takenBack = DefaultGrants.schemas(target, plan, request);
    }

    /** What becomes possible, for people; empty when nothing does. */
    List<String> opened(Relation.Named table, TableEntries there, TableEntries saved) {
        List<String> opened = new ArrayList<>();
        if (!there.texts("ROW SECURITY").isEmpty()) {
            if (saved.texts("ROW SECURITY").isEmpty()) {
                opened.add("row level security is on now, and off in the archive");
            } else {
                policies(there, saved, opened);
            }
            if (there.form().forced() && !saved.form().forced()) {
                opened.add("row level security applies to its owner now (FORCE), and not in the archive");
            }
        }
        boolean newOwner = !there.owner().equals(saved.owner()) && !request.is(Option.NO_OWNER);
        if (newOwner && roles.contains(saved.owner())) {
            opened.add("it belongs to " + there.owner() + " now, and to " + saved.owner() + " in the archive");
        }
        for (Right right : given(table, saved).beyond(there.rights())) {
            boolean known = TableRights.EVERYBODY.equals(right.role()) || roles.contains(right.role());
            if (known
                    && !right.role().equals(there.owner())
                    && !(newOwner && right.role().equals(saved.owner()))) {
                opened.add(right.text());
            }
        }
        return opened;
    }

    private TableRights given(Relation.Named table, TableEntries saved) {
        Set<Right> rights = new HashSet<>(saved.rights().rights());
        if (!takenBack.contains(table.schema())) {
            rights.addAll(defaults.getOrDefault("", Set.of()));
            rights.addAll(defaults.getOrDefault(table.schema(), Set.of()));
        }
        return new TableRights(rights);
    }

    /** A permissive policy lets rows through, a restrictive one keeps them back. */
    private static void policies(TableEntries there, TableEntries saved, List<String> opened) {
        saved.texts().forEach((key, text) -> {
            if ("POLICY".equals(key.type())
                    && !isRestrictive(text)
                    && !text.equals(there.texts().get(key))) {
                opened.add(key.what() + " of the archive");
            }
        });
        there.texts().forEach((key, text) -> {
            if ("POLICY".equals(key.type())
                    && isRestrictive(text)
                    && !text.equals(saved.texts().get(key))) {
                opened.add("restrictive " + key.what() + " isn't in the archive like this");
            }
        });
    }

    private static boolean isRestrictive(String policy) {
        List<SqlToken> tokens = SqlToken.all(EntryText.forDriver(policy));
        for (int i = 0; i + 1 < tokens.size() && !tokens.get(i).is("("); i++) {
            if (tokens.get(i).is("AS") && tokens.get(i + 1).is("RESTRICTIVE")) {
                return true;
            }
        }
        return false;
    }
}
