package dev.bactrian.restore.roles;

import dev.bactrian.selection.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement about roles, in the forms that pg_dumpall writes. Texts of strings are as they stand in the script. */
sealed interface RoleStatement {

    /** The role that the statement changes; of a membership, the one that is granted. */
    String role();

    /** A role with the attributes that a server gives without being asked. */
    record Create(String role) implements RoleStatement {

        String sql() {
            return "CREATE ROLE " + Relation.quote(role) + ";";
        }
    }

    /** Attributes of a role, each as a text like {@code CONNECTION LIMIT 3}. */
    record Attributes(String role, List<String> attributes) implements RoleStatement {

        private static final String PASSWORD = "PASSWORD ";

        String sql(List<String> some) {
            return "ALTER ROLE " + Relation.quote(role) + " WITH " + String.join(" ", some) + ";";
        }

        static boolean isSecret(String attribute) {
            return attribute.startsWith(PASSWORD);
        }

        /** The same without the password. */
        String masked(List<String> some) {
            return sql(some.stream()
                    .map(attribute -> isSecret(attribute) ? PASSWORD + "'***'" : attribute)
                    .toList());
        }

        String what(String attribute) {
            return (isSecret(attribute) ? "password" : attribute) + " of role " + Relation.quote(role);
        }
    }

    /**
     * Anything else about one role that stands for itself.
     *
     * @param what it is, in words
     * @param sql as it is run
     * @param masked the same without what may be a secret
     */
    record Detail(String role, String what, String sql, String masked) implements RoleStatement {

        boolean isSecret() {
            return !sql.equals(masked);
        }
    }

    /**
     * A membership.
     *
     * @param inherit null where the script leaves it to the server
     * @param set null where the script leaves it to the server
     */
    record Grant(
            String role,
            String member,
            boolean admin,
            @Nullable Boolean inherit,
            @Nullable Boolean set,
            @Nullable String grantor)
            implements RoleStatement {

        String what() {
            return "membership of " + Relation.quote(member) + " in " + Relation.quote(role);
        }

        /** Whether it allows less than a membership did before PostgreSQL 16, which knew no such thing. */
        boolean isLimited() {
            return Boolean.FALSE.equals(inherit) || Boolean.FALSE.equals(set);
        }

        /** As it is saved. */
        String sql() {
            return grantor == null ? ownSql() : grant() + options() + " GRANTED BY " + Relation.quote(grantor) + ";";
        }

        /** Granted by whoever runs it. */
        String ownSql() {
            return grant() + options() + ";";
        }

        /** As servers older than 16 know it. */
        String oldSql() {
            return grant() + (admin ? " WITH ADMIN OPTION" : "") + ";";
        }

        String revokeSql() {
            return "REVOKE " + Relation.quote(role) + " FROM " + Relation.quote(member) + ";";
        }

        private String grant() {
            return "GRANT " + Relation.quote(role) + " TO " + Relation.quote(member);
        }

        private String options() {
            String options = (admin ? ", ADMIN OPTION" : "")
                    + (inherit == null ? "" : ", INHERIT " + inherit)
                    + (set == null ? "" : ", SET " + set);
            return options.isEmpty() ? "" : " WITH " + options.substring(2);
        }
    }
}
