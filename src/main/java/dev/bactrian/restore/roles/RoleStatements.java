package dev.bactrian.restore.roles;

import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.postgres.script.SqlToken.Kind;
import dev.bactrian.postgres.script.StatementReader;
import dev.bactrian.restore.roles.RoleStatement.Attributes;
import dev.bactrian.restore.roles.RoleStatement.Create;
import dev.bactrian.restore.roles.RoleStatement.Detail;
import dev.bactrian.restore.roles.RoleStatement.Grant;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads db/roles.sql of an archive: the statements that pg_dumpall writes, and no other. */
final class RoleStatements {

    private static final String FILE = "db/roles.sql";

    private static final List<String> FLAGS = List.of(
            "SUPERUSER",
            "NOSUPERUSER",
            "INHERIT",
            "NOINHERIT",
            "CREATEROLE",
            "NOCREATEROLE",
            "CREATEDB",
            "NOCREATEDB",
            "LOGIN",
            "NOLOGIN",
            "REPLICATION",
            "NOREPLICATION",
            "BYPASSRLS",
            "NOBYPASSRLS");

    /** Settings of a connection that pg_dumpall begins with: what runs the statements sets its own. */
    private static final List<String> SETTINGS =
            List.of("default_transaction_read_only", "client_encoding", "standard_conforming_strings");

    private static final Pattern SECRET = Pattern.compile("(?i)secret|passw|token|credential|key");

    private final StatementReader statement;

    private RoleStatements(StatementReader statement) {
        this.statement = statement;
    }

    /** All statements in their order. */
    static List<RoleStatement> parse(String script) throws IOException {
        List<RoleStatement> statements = new ArrayList<>();
        StatementReader.each(FILE, script, statement -> {
            RoleStatement read = new RoleStatements(statement).read();
            if (read != null) {
                statements.add(read);
            }
            statement.require(statement.atEnd());
        });
        return List.copyOf(statements);
    }

    private @Nullable RoleStatement read() throws IOException {
        if (statement.skip("CREATE", "ROLE")) {
            return new Create(statement.name());
        }
        if (statement.skip("ALTER", "ROLE")) {
            String role = statement.name();
            return statement.skip("WITH") ? attributes(role) : setting(role);
        }
        if (statement.skip("COMMENT", "ON", "ROLE")) {
            String role = statement.name();
            return detail(role, "comment on", "COMMENT ON ROLE " + Relation.quote(role) + " IS ");
        }
        if (statement.skip("SECURITY", "LABEL", "FOR")) {
            String provider = Relation.quote(statement.name());
            statement.require(statement.skip("ON", "ROLE"));
            String role = statement.name();
            return detail(
                    role,
                    "security label of",
                    "SECURITY LABEL FOR " + provider + " ON ROLE " + Relation.quote(role) + " IS ");
        }
        Optional<Detail> parameter = ParameterGrants.read(statement);
        if (parameter.isPresent()) {
            return parameter.get();
        }
        if (statement.skip("GRANT")) {
            return grant();
        }
        // Around what somebody else than the superuser granted; here everything is granted by who restores.
        if (statement.skip("RESET", "SESSION", "AUTHORIZATION")) {
            return null;
        }
        if (statement.skip("SET", "SESSION", "AUTHORIZATION")) {
            statement.name();
            return null;
        }
        statement.require(statement.skip("SET") && SETTINGS.contains(statement.name()) && statement.skip("="));
        statement.next();
        return null;
    }

    private Attributes attributes(String role) throws IOException {
        List<String> attributes = new ArrayList<>();
        do {
            if (statement.skip("CONNECTION", "LIMIT")) {
                attributes.add("CONNECTION LIMIT " + statement.number());
            } else if (statement.skip("PASSWORD")) {
                attributes.add("PASSWORD " + statement.string().text());
            } else if (statement.skip("VALID", "UNTIL")) {
                attributes.add("VALID UNTIL " + statement.string().text());
            } else {
                SqlToken flag = statement.next();
                statement.require(flag.isAny(FLAGS));
                attributes.add(flag.text().toUpperCase(Locale.ROOT));
            }
        } while (!statement.atEnd());
        return new Attributes(role, List.copyOf(attributes));
    }

    private Detail setting(String role) throws IOException {
        String start = "ALTER ROLE " + Relation.quote(role);
        if (statement.skip("IN", "DATABASE")) {
            start += " IN DATABASE " + Relation.quote(statement.name());
        }
        statement.require(statement.skip("SET"));
        String name = statement.name();
        // Each part is quoted, or a word that would be folded: the server takes both forms for the same name.
        String quoted = Relation.quote(name);
        while (statement.skip(".")) {
            String part = statement.name();
            name += "." + part;
            quoted += "." + Relation.quote(part);
        }
        statement.require(statement.skip("TO") || statement.skip("="));
        String values = values();
        start += " SET " + quoted + " TO ";
        return new Detail(
                role,
                "setting " + name + " of role " + Relation.quote(role),
                start + values + ";",
                start + (SECRET.matcher(name).find() ? "'***'" : values) + ";");
    }

    private String values() throws IOException {
        List<String> values = new ArrayList<>();
        do {
            String sign = statement.skip("-") ? "-" : "";
            SqlToken value = statement.next();
            statement.require(value.kind() == Kind.NUMBER || (sign.isEmpty() && (value.isName() || value.isText())));
            // A word is quoted, lest it be one that means more than itself.
            values.add(value.isName() ? Relation.quote(value.value()) : sign + value.text());
        } while (statement.skip(","));
        return String.join(", ", values);
    }

    private Detail detail(String role, String what, String start) throws IOException {
        statement.require(statement.skip("IS"));
        String sql = start + statement.string().text() + ";";
        return new Detail(role, what + " role " + Relation.quote(role), sql, sql);
    }

    private Grant grant() throws IOException {
        String role = statement.name();
        statement.require(statement.skip("TO"));
        String member = statement.name();
        boolean admin = false;
        Boolean inherit = null;
        Boolean set = null;
        if (statement.skip("WITH")) {
            do {
                if (statement.skip("INHERIT")) {
                    inherit = option();
                } else if (statement.skip("SET")) {
                    set = option();
                } else {
                    statement.require(statement.skip("ADMIN"));
                    admin = option();
                }
            } while (statement.skip(","));
        }
        String grantor = statement.skip("GRANTED", "BY") ? statement.name() : null;
        return new Grant(role, member, admin, inherit, set, grantor);
    }

    private boolean option() throws IOException {
        boolean given = statement.skip("OPTION") || statement.skip("TRUE");
        statement.require(given || statement.skip("FALSE"));
        return given;
    }
}
