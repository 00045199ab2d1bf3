package dev.bactrian.restore.definitions;

import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A right to a schema. The target may have the schema, and may have given the right already. */
final class SchemaGrant {

    private static final Pattern FORM =
            Pattern.compile("GRANT ([A-Z,]+) ON SCHEMA .* TO (\"(?:[^\"]|\"\")+\"|[^\" ]+);", Pattern.DOTALL);

    private SchemaGrant() {}

    /** Whether a grant of the dump that the server refused changes nothing. */
    static boolean isHeld(ScriptEntry entry, String sql, Connection connection) throws SQLException {
        Matcher grant = FORM.matcher(sql.strip());
        if (!entry.tag().startsWith("SCHEMA ") || !grant.matches()) {
            return false;
        }
        String role = grant.group(2);
        String name = role.startsWith("\"")
                ? role.substring(1, role.length() - 1).replace("\"\"", "\"")
                : "PUBLIC".equals(role) ? "public" : role;
        String schema = entry.tag().substring("SCHEMA ".length());
        String rights = "ALL".equals(grant.group(1)) ? "USAGE,CREATE" : grant.group(1);
        String query = Arrays.stream(rights.split(","))
                .map(right -> "has_schema_privilege(" + Relation.literal(name) + ", " + Relation.literal(schema) + ", "
                        + Relation.literal(right) + ")")
                .collect(Collectors.joining(" AND ", "SELECT ", ""));
        try {
            return "t".equals(Target.text(connection, query));
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            // There is no such schema.
            return false;
        }
    }
}
