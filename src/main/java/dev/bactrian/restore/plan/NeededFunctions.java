package dev.bactrian.restore.plan;

import dev.bactrian.postgres.meaning.Definition;
import dev.bactrian.postgres.meaning.Use;
import dev.bactrian.postgres.meaning.Uses;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.target.OthersFunctions;
import dev.bactrian.restore.target.OthersFunctions.Kind;
import dev.bactrian.restore.target.OthersFunctions.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What definitions that are to be made call by its name: functions, operators, types, views. The target may have something of that
 * name already, of another role, which the restore would then run: a CHECK with the first row, a view when it is refreshed.
 * What has other arguments counts, too, since the server may prefer it.
 */
final class NeededFunctions {

    /** What calls something, at once or for each role that uses it later. */
    private static final Set<String> CALLERS = Set.of(
            "TABLE",
            "FOREIGN TABLE",
            "DEFAULT",
            "CONSTRAINT",
            "CHECK CONSTRAINT",
            "FK CONSTRAINT",
            "INDEX",
            "STATISTICS",
            "DOMAIN",
            "TYPE",
            "VIEW",
            "MATERIALIZED VIEW",
            "TRIGGER",
            "EVENT TRIGGER",
            "RULE",
            "POLICY");

    /** What is made with the columns, constraints and defaults of a table that is there. */
    private static final Set<String> TABLES = Set.of("TABLE", "FOREIGN TABLE", "TABLE ATTACH");

    private final RestoreRequest request;
    private final Definitions definitions;
    private final List<ScriptEntry> wanted;
    private final Set<Integer> ids;

    NeededFunctions(RestoreRequest request, Definitions definitions, List<ScriptEntry> wanted) {
        this.request = request;
        this.definitions = definitions;
        this.wanted = wanted;
        this.ids = wanted.stream().map(ScriptEntry::id).collect(Collectors.toSet());
    }

    /**
     * Refuses what would call functions of others.
     *
     * @param uses what the saved definitions used; null where that isn't known
     * @throws dev.bactrian.problem.ProblemException with their names
     */
    void refuseOthers(@Nullable Uses uses, Target target, Connection connection) throws SQLException {
        Map<Subject, ScriptEntry> needed = needed(uses);
        List<String> calls = OthersFunctions.find(needed.keySet(), connection).stream()
                .filter(call -> !call.isPlatforms(target))
                .map(call -> what(needed.get(call.of())) + " calls " + call.function() + " of role " + call.role())
                .distinct()
                .toList();
        if (!calls.isEmpty()) {
            throw Target.refused(
                    "The restore would run functions that the target has already and that belong to other roles, with "
                            + "the rights of the role that restores: " + OthersFunctions.list(calls) + ".",
                    "Check them in the target. If they are what you want, give them to the role that restores (ALTER "
                            + "FUNCTION … OWNER TO …), or restore as the role that owns them; otherwise drop them, "
                            + "and restore those of the archive.");
        }
    }

    private static String what(@Nullable ScriptEntry entry) {
        return entry == null ? "" : entry.what();
    }

    /** By the first that needs it. */
    private Map<Subject, ScriptEntry> needed(@Nullable Uses uses) {
        Map<Subject, ScriptEntry> needed = new LinkedHashMap<>();
        Map<Integer, ScriptEntry> callers = new LinkedHashMap<>();
        Deque<ScriptEntry> reached = new ArrayDeque<>();
        for (ScriptEntry entry : wanted) {
            if (CALLERS.contains(entry.type())) {
                callers.put(entry.id(), entry);
                reached.add(entry);
            }
        }
        while (!reached.isEmpty()) {
            ScriptEntry entry = reached.remove();
            ScriptEntry caller = callers.getOrDefault(entry.id(), entry);
            for (Integer dependency : entry.dependencies()) {
                ScriptEntry other = definitions.get(dependency);
                Subject subject = other == null ? null : subject(other, entry);
                if (other != null && subject != null) {
                    needed.putIfAbsent(subject, caller);
                    if (ids.contains(dependency) && callers.putIfAbsent(dependency, caller) == null) {
                        reached.add(other);
                    }
                }
            }
        }
        if (uses != null) {
            ofExtensions(uses, needed);
        }
        return needed;
    }

    /** The dump doesn't say which of an extension's functions something uses. */
    private void ofExtensions(Uses uses, Map<Subject, ScriptEntry> needed) {
        Map<List<String>, ScriptEntry> byName = new LinkedHashMap<>();
        wanted.stream()
                .filter(entry -> CALLERS.contains(entry.type()))
                .forEach(entry -> byName.putIfAbsent(List.of(entry.schema(), entry.tag()), entry));
        for (Definition definition : uses.definitions()) {
            ScriptEntry caller = byName.get(List.of(definition.schema(), definition.name()));
            if (caller == null) {
                continue;
            }
            for (Use use : uses.of(definition)) {
                if (!use.extension().isEmpty()) {
                    Kind kind = Use.OPERATOR.equals(use.kind()) ? Kind.OPERATOR : Kind.FUNCTION;
                    needed.putIfAbsent(new Subject(kind, use.schema(), use.name()), caller);
                }
            }
        }
    }

    /**
     * What is asked about.
     *
     * @param user what needs the entry
     */
    private @Nullable Subject subject(ScriptEntry entry, ScriptEntry user) {
        boolean here = ids.contains(entry.id());
        String into = request.intoSchema();
        String schema = here && into != null ? into : entry.schema();
        return switch (entry.type()) {
            case "FUNCTION", "PROCEDURE", "AGGREGATE" ->
                new Subject(
                        Kind.FUNCTION,
                        schema,
                        entry.tag().indexOf('(') > 0
                                ? entry.tag().substring(0, entry.tag().lastIndexOf('('))
                                : entry.tag());
            case "OPERATOR" -> new Subject(Kind.OPERATOR, schema, entry.tag());
            case "TYPE", "DOMAIN", "SHELL TYPE" -> new Subject(Kind.TYPE, schema, entry.tag());
            case "VIEW", "MATERIALIZED VIEW" -> new Subject(Kind.READS, schema, entry.tag());
            // One that is made, or made again, is the archive's.
            case "TABLE", "FOREIGN TABLE" ->
                here ? null : new Subject(TABLES.contains(user.type()) ? Kind.PARENT : Kind.READS, schema, entry.tag());
            default -> null;
        };
    }
}
