package dev.bactrian.history;

import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tables that are there under the history's names before anything is asked of them: they may be a hand-made
 * system's, which are taken over, or have been put there by somebody whose triggers, rules, defaults, checks, indexes and
 * types would run as the service's role. Every statement here reads the server's own catalog, or takes a lock.
 */
final class HistoryGuard {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryGuard.class);

    /** A pattern of the names of the history's tables. */
    static final String NAMES = HistorySchema.NAMES.stream()
            .map(name -> name.equals(HistorySchema.QUARTZ) ? name + "_[a-z_]+" : name)
            .collect(Collectors.joining("|", "^(", ")$"));

    private static final String PLANTED = text("/db/planted.sql");

    /** Of the function that the fifth migration makes. */
    private static final String BODY =
            text("/db/migration/V5__workers_elsewhere.sql").split("\\$\\$", -1)[1];

    private static final String TABLES =
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname ~ ? AND c.relkind = 'r' ORDER BY c.oid""";

    /** With those that the role has passed on, and what one that is trusted has passed on to others. */
    private static final String TRIGGER_GRANTS =
            """
            SELECT DISTINCT format('REVOKE %s TRIGGER, REFERENCES ON %I.%I FROM %s CASCADE',
                                   CASE WHEN of.role = a.grantee THEN '' ELSE 'GRANT OPTION FOR' END, n.nspname, c.relname,
                                   CASE of.role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(of.role)) END)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL (
                   SELECT x.* FROM aclexplode(c.relacl) x
                   UNION ALL SELECT x.* FROM pg_attribute CROSS JOIN LATERAL aclexplode(attacl) x WHERE attrelid = c.oid) a
             CROSS JOIN LATERAL (VALUES (a.grantee), (a.grantor)) of (role)
             WHERE n.nspname = ? AND c.relname ~ ? AND c.relkind = 'r' AND a.privilege_type IN ('TRIGGER', 'REFERENCES')
               AND of.role <> c.relowner AND NOT CASE a.grantee WHEN 0 THEN false ELSE pg_has_role(a.grantee, current_user, 'MEMBER') END
             ORDER BY 1""";

    private static final String POLICIES =
            """
            SELECT format('%I on %I.%I', p.polname, n.nspname, c.relname)
              FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname ~ ? ORDER BY 1""";

    private static final String CANNOT_CREATE =
            """
            SELECT quote_ident(current_user)
             WHERE NOT has_database_privilege(current_database(), 'CREATE')
               AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)""";

    /** Who could drop the tables and put others in their place, without being the service's role or more. */
    private static final String MASTER =
            """
            SELECT pg_get_userbyid(m.owner)
              FROM pg_namespace n
             CROSS JOIN LATERAL (SELECT CASE pg_get_userbyid(n.nspowner) WHEN 'pg_database_owner'
                                   THEN (SELECT datdba FROM pg_database WHERE datname = current_database())
                                   ELSE n.nspowner END AS owner) m
             WHERE n.nspname = ? AND NOT pg_has_role(m.owner, current_user, 'MEMBER')""";

    private final DatabaseUrl url;
    private final HistorySchema schema;

    HistoryGuard(DatabaseUrl url, HistorySchema schema) {
        this.url = url;
        this.schema = schema;
    }

    /**
     * Refuses a schema that isn't there and can't be made.
     *
     * @throws ProblemException with the statement that makes it
     */
    void requireSchema(Connection connection) throws SQLException {
        for (String role : column(connection, CANNOT_CREATE, schema.name())) {
            throw new ProblemException(
                    new Problem(
                            "There is no schema " + schema + " in " + url + ", and its role may not create one.",
                            "Nothing was changed.",
                            "Run there as the database's owner: CREATE SCHEMA " + Relation.quote(schema.name())
                                    + " AUTHORIZATION " + shown(role) + ";"),
                    null);
        }
    }

    /**
     * Refuses what would run the code of others.
     *
     * @param connection whose path is {@link SessionSettings#SAFE_PATH}
     * @throws ProblemException with the statements that put it right
     */
    void refusePlanted(Connection connection) throws SQLException {
        Set<String> findings = new LinkedHashSet<>();
        Set<String> remedies = new LinkedHashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(PLANTED)) {
            statement.setString(1, schema.name());
            statement.setString(2, NAMES);
            statement.setString(3, BODY);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    findings.add(shown(row.getString(1)));
                    remedies.add(shown(row.getString(2)));
                }
            }
        }
        if (!findings.isEmpty()) {
            throw new ProblemException(
                    new Problem(
                            "The schema " + schema + " of " + url
                                    + " has tables with the history's names that the service doesn't own, or that "
                                    + "would run code of other roles: " + String.join("; ", findings)
                                    + ".",
                            "Nothing was read from them, and nothing was changed.",
                            "Set HISTORY_SCHEMA to a schema of its own. Or, if the service should use these tables, "
                                    + "check them, and run there as superuser: " + String.join(" ", remedies)),
                    null);
        }
    }

    /**
     * The same within a transaction that is about to change them, after which nothing can be added to them until its end.
     *
     * @return the names of the tables that are there
     */
    Set<String> refusePlantedForGood(Connection connection) throws SQLException {
        List<String> tables = column(connection, TABLES);
        try (Statement statement = connection.createStatement()) {
            for (String table : tables) {
                // Flyway writes its own meanwhile, by another connection. Triggers and rules need a stronger lock than
                // this.
                statement.execute("LOCK TABLE " + schema.of(Relation.quote(table)) + " IN ROW EXCLUSIVE MODE");
            }
        }
        refusePlanted(connection);
        return Set.copyOf(tables);
    }

    /** Takes back what lets others put triggers on the tables, or on those that refer to them, as Supabase's default privileges do. */
    void revokeTriggers(Connection connection) throws SQLException {
        for (String revoke : column(connection, TRIGGER_GRANTS)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(revoke);
            }
            LOG.info("{}: it would let other roles run any code as the service's role", shown(revoke));
        }
    }

    /** Tells what is allowed, and yet to be known. */
    void tellWhatIsToBeKnown(Connection connection) throws SQLException {
        List<String> policies = column(connection, POLICIES);
        if (!policies.isEmpty()) {
            LOG.info(
                    "The history has policies that let other roles read or change it: {}",
                    shown(String.join(", ", policies)));
        }
        for (String owner : column(connection, MASTER, schema.name())) {
            LOG.warn(
                    "The schema {} of {} belongs to {}, a role that can replace the history's tables with others, "
                            + "whose code then runs as the service's role. Set HISTORY_SCHEMA to a schema that the "
                            + "service's role owns.",
                    schema,
                    url,
                    shown(owner));
        }
        if (!schema.equals(HistorySchema.PUBLIC)) {
            List<String> left = column(connection, TABLES, HistorySchema.PUBLIC.name(), NAMES);
            if (left.contains("backup_history")) {
                LOG.warn(
                        "There is also a history in the schema public of {}. It is neither read nor moved: its "
                                + "backups aren't listed, and retention doesn't delete them. To continue with it, "
                                + "stop all services, drop what is in {}, and run there: {} Or set HISTORY_SCHEMA to "
                                + "public.",
                        url,
                        schema,
                        left.stream()
                                .map(table -> "ALTER TABLE " + HistorySchema.PUBLIC.of(Relation.quote(table))
                                        + " SET SCHEMA " + Relation.quote(schema.name()) + ";")
                                .collect(Collectors.joining(" ")));
            }
        }
    }

    /** The first column of a query that takes the schema and the names. */
    private List<String> column(Connection connection, String query) throws SQLException {
        return column(connection, query, schema.name(), NAMES);
    }

    private static List<String> column(Connection connection, String query, String... values) throws SQLException {
        List<String> column = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    column.add(row.getString(1));
                }
            }
        }
        return column;
    }

    /** Names are others'. */
    private static String shown(String text) {
        return text.replaceAll("\\p{C}", "\uFFFD");
    }

    /** A file of ours, whole. */
    static String text(String resource) {
        try (InputStream content = HistoryGuard.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(content, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
