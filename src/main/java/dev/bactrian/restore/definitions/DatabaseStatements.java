package dev.bactrian.restore.definitions;

import dev.bactrian.archive.SavedDatabase;
import dev.bactrian.archive.SavedDatabase.Grant;
import dev.bactrian.archive.SavedDatabase.Setting;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.selection.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements that give a database what a saved one was and set. Nothing is taken from it but rights of PUBLIC and of its
 * owner, which every new database has: what else it grants and sets is its own.
 */
final class DatabaseStatements {

    /** Lists of names, each of which is quoted for itself (PostgreSQL's guc_tables.c, GUC_LIST_QUOTE). */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    private static final int UNLIMITED = -1;

    private final SavedDatabase saved;
    private final String name;
    private final RestoreRequest request;
    private final boolean supabase;

    /** @param name of the database that gets it */
    DatabaseStatements(SavedDatabase saved, String name, RestoreRequest request, boolean supabase) {
        this.saved = saved;
        this.name = Relation.quote(name);
        this.request = request;
        this.supabase = supabase;
    }

    /**
     * One of them.
     *
     * @param what it is about, for people
     * @param shown the same without the value of a setting that an application made, which may be a secret
     */
    record Change(String what, String sql, String shown) {
        static Change of(String what, String sql) {
            return new Change(what, sql, sql);
        }
    }

    /** Comes first: who owns it has rights that others are granted otherwise. */
    List<Change> owner(SavedDatabase now) {
        return request.is(Option.NO_OWNER) || saved.owner().equals(now.owner())
                ? List.of()
                : List.of(Change.of(
                        "owner of the database",
                        "ALTER DATABASE " + name + " OWNER TO " + Relation.quote(saved.owner())));
    }

    /** All others, for the database as it is once it has its owner. */
    List<Change> others(SavedDatabase now) {
        List<Change> changes = new ArrayList<>();
        if (!request.is(Option.NO_PRIVILEGES)) {
            grants(now, changes);
        }
        if (saved.comment() != null && !saved.comment().equals(now.comment())) {
            changes.add(Change.of(
                    "comment of the database", "COMMENT ON DATABASE " + name + " IS " + literal(saved.comment())));
        }
        for (SavedDatabase.Label label : saved.labels()) {
            if (!now.labels().contains(label)) {
                changes.add(Change.of(
                        "security label of the database",
                        "SECURITY LABEL FOR " + Relation.quote(label.provider()) + " ON DATABASE " + name + " IS "
                                + literal(label.label())));
            }
        }
        if (saved.connectionLimit() != UNLIMITED && saved.connectionLimit() != now.connectionLimit()) {
            changes.add(Change.of(
                    "connection limit of the database",
                    "ALTER DATABASE " + name + " CONNECTION LIMIT " + saved.connectionLimit()));
        }
        if (saved.template() && !now.template()) {
            changes.add(Change.of(
                    "the database as a template", "ALTER DATABASE " + name + " IS_TEMPLATE " + saved.template()));
        }
        saved.settings().stream()
                .filter(setting -> setting.value() != null && !now.settings().contains(setting))
                // Each project has its own.
                .filter(setting -> !supabase || !setting.name().startsWith("app.settings.jwt_"))
                .map(this::setting)
                .forEach(changes::add);
        return changes;
    }

    private void grants(SavedDatabase now, List<Change> changes) {
        List<Grant> wanted = saved.grants().stream()
                .map(grant -> grant.grantee().equals(saved.owner())
                        ? new Grant(now.owner(), grant.privilege(), grant.grantable())
                        : grant)
                .distinct()
                .toList();
        for (Grant grant : now.grants()) {
            boolean ofEveryDatabase =
                    grant.grantee().isEmpty() || grant.grantee().equals(now.owner());
            if (ofEveryDatabase
                    && wanted.stream()
                            .noneMatch(other -> other.grantee().equals(grant.grantee())
                                    && other.privilege().equals(grant.privilege()))) {
                changes.add(Change.of(
                        "grant on the database",
                        "REVOKE " + grant.privilege() + " ON DATABASE " + name + " FROM " + grantee(grant)));
            }
        }
        for (Grant grant : wanted) {
            if (!now.grants().contains(grant)
                    && !now.grants().contains(new Grant(grant.grantee(), grant.privilege(), true))) {
                changes.add(Change.of(
                        "grant on the database",
                        "GRANT " + grant.privilege() + " ON DATABASE " + name + " TO " + grantee(grant)
                                + (grant.grantable() ? " WITH GRANT OPTION" : "")));
            }
        }
    }

    private static String grantee(Grant grant) {
        return grant.grantee().isEmpty() ? "PUBLIC" : Relation.quote(grant.grantee());
    }

    private Change setting(Setting setting) {
        boolean ofAll = setting.role().isEmpty();
        String begin = (ofAll
                        ? "ALTER DATABASE " + name
                        : "ALTER ROLE " + Relation.quote(setting.role()) + " IN DATABASE " + name)
                + " SET " + Relation.quote(setting.name()) + " TO ";
        // PostgreSQL's own settings have no point in their names; what applications set themselves may be keys.
        boolean secret = setting.name().indexOf('.') >= 0;
        String sql = begin + value(setting);
        return new Change(
                "setting " + setting.name() + " of " + (ofAll ? "" : "role " + setting.role() + " in ")
                        + "the database",
                sql,
                secret ? begin + "'***'" : sql);
    }

    /** As pg_dump prints it (dumputils.c, makeAlterConfigCommand). */
    private static String value(Setting setting) {
        String value = String.valueOf(setting.value());
        if (!LISTS.contains(setting.name().toLowerCase(Locale.ROOT))) {
            return literal(value);
        }
        List<String> names = names(value);
        return names.isEmpty()
                ? "''"
                : String.join(
                        ", ", names.stream().map(DatabaseStatements::literal).toList());
    }

    /** A list of names as PostgreSQL keeps it: separated by commas, those in double quotes that need it. */
    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
                name.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (c == ',' && !quoted) {
                names.add(name.toString());
                name.setLength(0);
                any = false;
            } else if (quoted || c != ' ') {
                name.append(c);
                any = true;
            }
        }
        if (any) {
            names.add(name.toString());
        }
        return names;
    }

    private static String literal(@Nullable String text) {
        return text == null ? "NULL" : Relation.literal(text);
    }
}
