package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.selection.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rights on a table, as pg_dump's GRANT statements give them. Roles are names without quotes; {@code PUBLIC} is all. */
public record TableRights(Set<Right> rights) {

    public static final String EVERYBODY = "PUBLIC";

    /** What ALL means, but for MAINTAIN, by which nothing is read or changed. */
    static final List<String> ALL =
            List.of("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER");

    /**
     * One right.
     *
     * @param column empty for all columns
     */
    public record Right(String role, String privilege, String column) {

        /** For people. */
        public String text() {
            return privilege + (column.isEmpty() ? "" : " of column " + Relation.quote(column)) + " for " + role;
        }

        boolean covers(Right other) {
            return privilege.equals(other.privilege)
                    && (role.equals(other.role) || EVERYBODY.equals(role))
                    && (column.isEmpty() || column.equals(other.column));
        }
    }

    /** Reads statements; bytes, one character each. */
    static TableRights of(List<String> texts) {
        Set<Right> rights = new HashSet<>();
        for (String text : texts) {
            List<SqlToken> statement = new ArrayList<>();
            for (SqlToken token : SqlToken.all(EntryText.forDriver(text))) {
                if (token.is(";")) {
                    read(statement, rights);
                    statement.clear();
                } else {
                    statement.add(token);
                }
            }
        }
        return new TableRights(rights);
    }

    private static void read(List<SqlToken> statement, Set<Right> rights) {
        int on = indexOf(statement, "ON", 0);
        int to = indexOf(statement, "TO", on);
        if (statement.isEmpty() || !statement.get(0).is("GRANT") || on < 0 || to < 0 || to + 1 >= statement.size()) {
            return;
        }
        SqlToken role = statement.get(to + 1);
        String name = role.is(EVERYBODY) ? EVERYBODY : role.value();
        for (int i = 1; i < on; i++) {
            SqlToken privilege = statement.get(i);
            if (privilege.is(",")) {
                continue;
            }
            List<String> columns = new ArrayList<>();
            if (i + 1 < on && statement.get(i + 1).is("(")) {
                i += 2;
                while (!statement.get(i).is(")")) {
                    if (statement.get(i).isName()) {
                        columns.add(statement.get(i).value());
                    }
                    i++;
                }
            } else {
                columns.add("");
            }
            List<String> kinds =
                    privilege.is("ALL") ? ALL : List.of(privilege.text().toUpperCase(Locale.ROOT));
            columns.forEach(column -> kinds.forEach(kind -> rights.add(new Right(name, kind, column))));
        }
    }

    private static int indexOf(List<SqlToken> statement, String word, int from) {
        for (int i = Math.max(0, from); i < statement.size(); i++) {
            if (statement.get(i).is(word)) {
                return i;
            }
        }
        return -1;
    }

    /** Those that the others don't give. */
    public List<Right> beyond(TableRights others) {
        return rights.stream()
                .filter(right -> !"MAINTAIN".equals(right.privilege()))
                .filter(right -> others.rights.stream().noneMatch(other -> other.covers(right)))
                .sorted(java.util.Comparator.comparing(Right::text))
                .toList();
    }
}
