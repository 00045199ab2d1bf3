package dev.bactrian.restore.roles;

import dev.bactrian.postgres.script.StatementReader;
import dev.bactrian.restore.roles.RoleStatement.Detail;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Who may set which parameter of the server: pg_dumpall writes it among the roles since PostgreSQL 15. */
final class ParameterGrants {

    private static final List<String> PRIVILEGES = List.of("SET", "ALTER SYSTEM", "SET , ALTER SYSTEM", "ALL");

    private ParameterGrants() {}

    /** Reads one, or nothing when the statement is none. {@code PUBLIC} counts as a role that nobody creates. */
    static Optional<Detail> read(StatementReader statement) throws IOException {
        for (String privilege : PRIVILEGES) {
            if (statement.skip(("GRANT " + privilege + " ON PARAMETER").split(" "))) {
                return Optional.of(rest("GRANT " + privilege.replace(" ,", ","), "TO", statement));
            }
            if (statement.skip(("REVOKE " + privilege + " ON PARAMETER").split(" "))) {
                return Optional.of(rest("REVOKE " + privilege.replace(" ,", ","), "FROM", statement));
            }
        }
        return Optional.empty();
    }

    private static Detail rest(String start, String to, StatementReader statement) throws IOException {
        String name = statement.name();
        String parameter = Relation.quote(name);
        while (statement.skip(".")) {
            String part = statement.name();
            name += "." + part;
            parameter += "." + Relation.quote(part);
        }
        statement.require(statement.skip(to));
        String role = statement.name();
        boolean passedOn = "TO".equals(to) && statement.skip("WITH", "GRANT", "OPTION");
        String sql = start + " ON PARAMETER " + parameter + " " + to + " " + Relation.quote(role)
                + (passedOn ? " WITH GRANT OPTION;" : ";");
        return new Detail(role, "right of role " + Relation.quote(role) + " to set " + name, sql, sql);
    }
}
