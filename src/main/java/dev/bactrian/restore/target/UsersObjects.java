package dev.bactrian.restore.target;

import dev.bactrian.restore.Platform;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Functions, types, views and sequences that users put into schemas which Supabase's platform manages: {@code postgres} owns
 * {@code extensions}, and could write to {@code auth} and {@code storage} for years. They are what belongs to no role of the
 * platform's own and isn't in the target.
 */
public final class UsersObjects {

    private static final Set<String> KINDS =
            Set.of("FUNCTION", "PROCEDURE", "AGGREGATE", "TYPE", "DOMAIN", "VIEW", "MATERIALIZED VIEW", "SEQUENCE");

    /** As pg_dump's tags name them, with their schema (format_function_signature of pg_dump.c). */
    private static final String THERE =
            """
            SELECT n.nspname || '.' || p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'
              FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            UNION ALL SELECT n.nspname || '.' || c.relname
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            UNION ALL SELECT n.nspname || '.' || t.typname
              FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace""";

    private static final String USERS_ROLE = "postgres";

    private final Set<String> there;
    private final Definitions definitions;
    private final boolean supabase;

    private UsersObjects(Set<String> there, Definitions definitions, boolean supabase) {
        this.there = there;
        this.definitions = definitions;
        this.supabase = supabase;
    }

    public static UsersObjects read(Connection connection, Target target, Definitions definitions) throws SQLException {
        boolean supabase = target.isSupabase();
        return new UsersObjects(
                supabase ? new HashSet<>(Target.texts(connection, THERE)) : Set.of(), definitions, supabase);
    }

    /** Whether an entry of a managed schema makes one, or says something about one. */
    public boolean has(ScriptEntry entry) {
        if (entry.isAttribute()) {
            List<ScriptEntry> of = entry.dependencies().stream()
                    .map(definitions::get)
                    .filter(other -> other != null && !"SCHEMA".equals(other.type()))
                    .toList();
            return !of.isEmpty() && of.stream().allMatch(this::isUsers);
        }
        return isUsers(entry);
    }

    private boolean isUsers(ScriptEntry entry) {
        return supabase
                && KINDS.contains(entry.type())
                && (USERS_ROLE.equals(entry.owner()) || !Platform.role(entry.owner()))
                && !there.contains(entry.schema() + "." + entry.tag());
    }
}
