package dev.bactrian.restore.roles;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.roles.RoleStatement.Attributes;
import dev.bactrian.restore.roles.RoleStatement.Create;
import dev.bactrian.restore.roles.RoleStatement.Detail;
import dev.bactrian.restore.roles.RoleStatement.Grant;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * db/roles.sql of an archive, for one target. Roles that the target lacks are created, with attributes, settings,
 * comments and memberships; those that it has stay exactly as they are, passwords included. A membership is granted when
 * one of its two roles was created here. Who granted it is kept where the server allows that.
 */
public final class RolesScript {

    /** What a new role is without being told: only a superuser may say some of these, even though they change nothing. */
    private static final Set<String> DEFAULTS =
            Set.of("NOSUPERUSER", "INHERIT", "NOCREATEROLE", "NOCREATEDB", "NOLOGIN", "NOREPLICATION", "NOBYPASSRLS");

    private static final String DUPLICATE = "42710";

    private final List<RoleStatement> statements;
    private final Set<String> created = new LinkedHashSet<>();
    private final Set<String> existing = new LinkedHashSet<>();
    private final Set<String> failed = new HashSet<>();

    private RolesScript(List<RoleStatement> statements) {
        this.statements = statements;
    }

    /**
     * Reads the script.
     *
     * @throws IOException when anything is in it that pg_dumpall doesn't write: an archive may come from anywhere
     */
    public static RolesScript parse(String rolesSql) throws IOException {
        return new RolesScript(RoleStatements.parse(rolesSql));
    }

    /** All roles that the script creates, in its order. */
    public static Set<String> names(String rolesSql) throws IOException {
        return parse(rolesSql).names();
    }

    /** All roles that the script creates, in its order. */
    public Set<String> names() {
        return statements.stream()
                .filter(Create.class::isInstance)
                .map(RoleStatement::role)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Roles that were created. */
    public Set<String> created() {
        return Collections.unmodifiableSet(created);
    }

    /** Roles of the script that the target had before, without those of the platform. */
    public Set<String> existing() {
        return Collections.unmodifiableSet(existing);
    }

    /**
     * Runs the script, each statement alone, and goes on after one that fails. Sets {@code standard_conforming_strings} of
     * the connection to on.
     *
     * @param connection in autocommit, of a role that may create roles
     * @param platformRole tells roles that belong to the target's platform: they are never created or altered
     * @return what failed
     * @throws SQLException when the connection breaks
     */
    public List<NotApplied> apply(Connection connection, Predicate<String> platformRole) throws SQLException {
        RoleStatementRunner runner = new RoleStatementRunner(connection);
        runner.execute("SET standard_conforming_strings = on");
        Set<String> present = roles(connection);
        Set<String> wanted = names();
        wanted.removeIf(platformRole);
        wanted.stream().filter(present::contains).forEach(existing::add);
        wanted.removeAll(present);

        for (RoleStatement statement : statements) {
            String role = statement.role();
            if (statement instanceof Create create) {
                if (wanted.contains(role)) {
                    create(create, runner);
                }
            } else if (created.contains(role)) {
                if (statement instanceof Attributes attributes) {
                    alter(attributes, runner);
                } else if (statement instanceof Detail detail) {
                    runner.run(detail.sql(), detail.isSecret())
                            .ifPresent(reason -> runner.report(detail.what(), reason, detail.masked()));
                }
            }
        }
        present.addAll(created);
        present.addAll(existing);
        for (RoleStatement statement : statements) {
            if (statement instanceof Grant grant && concerns(grant)) {
                grant(grant, present, runner);
            }
        }
        return runner.notApplied();
    }

    private void create(Create create, RoleStatementRunner runner) throws SQLException {
        try {
            runner.execute(create.sql());
            created.add(create.role());
        } catch (SQLException e) {
            if (DUPLICATE.equals(e.getSQLState())) {
                existing.add(create.role());
                return;
            }
            failed.add(create.role());
            runner.report("role " + Relation.quote(create.role()), runner.reason(e, false), byHand(create));
        }
    }

    /** Everything about one role, for a person to run. */
    private String byHand(Create create) {
        StringBuilder sql = new StringBuilder(create.sql());
        for (RoleStatement statement : statements) {
            if (!statement.role().equals(create.role())) {
                continue;
            }
            if (statement instanceof Attributes attributes) {
                sql.append('\n').append(attributes.masked(attributes.attributes()));
            } else if (statement instanceof Detail detail) {
                sql.append('\n').append(detail.masked());
            }
        }
        return sql.toString();
    }

    /** At once if the server takes them all, else one by one, so that a role without SUPERUSER can still log in. */
    private static void alter(Attributes attributes, RoleStatementRunner runner) throws SQLException {
        List<String> wanted = attributes.attributes().stream()
                .filter(attribute -> !DEFAULTS.contains(attribute))
                .toList();
        if (wanted.isEmpty() || runner.run(attributes.sql(wanted), true).isEmpty()) {
            return;
        }
        for (String attribute : wanted) {
            List<String> one = List.of(attribute);
            runner.run(attributes.sql(one), Attributes.isSecret(attribute))
                    .ifPresent(reason -> runner.report(attributes.what(attribute), reason, attributes.masked(one)));
        }
    }

    private boolean concerns(Grant grant) {
        List<String> both = List.of(grant.role(), grant.member());
        return both.stream().anyMatch(role -> created.contains(role) || failed.contains(role));
    }

    private static void grant(Grant grant, Set<String> present, RoleStatementRunner runner) throws SQLException {
        List<String> missing = new ArrayList<>(List.of(grant.role(), grant.member()));
        missing.removeAll(present);
        if (missing.isEmpty()) {
            runner.grant(grant);
        } else {
            runner.report(
                    grant.what(), "The target has no role " + Relation.quote(missing.get(0)) + ".", grant.ownSql());
        }
    }

    private static Set<String> roles(Connection connection) throws SQLException {
        Set<String> roles = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("SELECT rolname FROM pg_catalog.pg_roles")) {
            while (names.next()) {
                roles.add(names.getString(1));
            }
        }
        return roles;
    }
}
