package dev.bactrian.restore.roles;

import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.roles.RoleStatement.Grant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs statements about roles one by one and keeps a list of those that the server refuses. */
final class RoleStatementRunner {

    private static final int MEMBERSHIP_OPTIONS_SINCE = 16;
    private static final String NO_PRIVILEGE = "42501";
    private static final String SEE_FILE = "-- What *** hides is in the archive's db/roles.sql.\n";

    private static final Pattern MESSAGE = Pattern.compile(
            "(?:\\p{Lu}+: +)?(?<error>[^\\n]+)(?:\\n +Detail: (?<detail>[^\\n]+?)\\.?(?:\\n.*)?)?", Pattern.DOTALL);

    private final Connection connection;
    private final boolean optionsKnown;
    private final List<NotApplied> notApplied = new ArrayList<>();

    RoleStatementRunner(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "roles are restored in autocommit, so that one that fails doesn't undo another");
        }
        this.connection = connection;
        optionsKnown = connection.getMetaData().getDatabaseMajorVersion() >= MEMBERSHIP_OPTIONS_SINCE;
    }

    List<NotApplied> notApplied() {
        return List.copyOf(notApplied);
    }

    void report(String what, String reason, String sql) {
        notApplied.add(new NotApplied(what, reason, sql.contains("'***'") ? SEE_FILE + sql : sql));
    }

    void execute(String sql) throws SQLException {
        Target.execute(connection, sql);
    }

    /** Runs it; tells the reason when the server refused. */
    Optional<String> run(String sql, boolean secret) throws SQLException {
        try {
            execute(sql);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(reason(e, secret));
        }
    }

    /** Why the server refused, unless it is the connection that failed. */
    String reason(SQLException failure, boolean secret) throws SQLException {
        if (FatalErrors.endsAll(failure)) {
            throw failure;
        }
        String state = String.valueOf(failure.getSQLState());
        Matcher message = MESSAGE.matcher(String.valueOf(failure.getMessage()));
        // Other messages may repeat the value that they complain about.
        if (!message.matches() || (secret && !state.equals(NO_PRIVILEGE))) {
            return "The server refused it (SQLSTATE " + state + ").";
        }
        String detail = message.group("detail");
        return "The server refused it: " + message.group("error") + (detail == null ? "." : " (" + detail + ").");
    }

    void grant(Grant grant) throws SQLException {
        if (!optionsKnown) {
            Optional<String> refused = run(grant.oldSql(), false);
            if (refused.isPresent()) {
                report(grant.what(), refused.get(), grant.oldSql());
            } else if (grant.isLimited()) {
                report(
                        grant.what(),
                        "It was saved with INHERIT FALSE or SET FALSE, which this server doesn't know. It was granted "
                                + "without these limits.",
                        grant.revokeSql());
            }
            return;
        }
        if (grant.grantor() != null && run(grant.sql(), false).isEmpty()) {
            return;
        }
        Optional<String> refused = run(grant.ownSql(), false);
        // Who creates a role is its member from the start, and can't be granted that again.
        if (refused.isPresent() && !isHeld(grant)) {
            report(grant.what(), refused.get(), grant.ownSql());
        }
    }

    private boolean isHeld(Grant grant) throws SQLException {
        String query = "SELECT coalesce(bool_or(m.admin_option OR NOT ?) AND bool_or(m.inherit_option OR NOT ?)"
                + " AND bool_or(m.set_option OR NOT ?), false) FROM pg_catalog.pg_auth_members m"
                + " JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = m.member"
                + " WHERE r.rolname = ? AND u.rolname = ?";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setBoolean(1, grant.admin());
            statement.setBoolean(2, Boolean.TRUE.equals(grant.inherit()));
            statement.setBoolean(3, !Boolean.FALSE.equals(grant.set()));
            statement.setString(4, grant.role());
            statement.setString(5, grant.member());
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
