package dev.bactrian.restore;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.UsesFile;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.meaning.ExtensionSchemas;
import dev.bactrian.postgres.meaning.Uses;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By which search paths a restore's statements find what they don't qualify. {@code pg_dump} prints definitions for an empty
 * one, under which the operators of extensions aren't found, and PostgreSQL's own for text are taken instead, without an error,
 * where they aren't written out: {@code USING}, {@code NULLIF}, {@code CASE … WHEN}, {@code IS DISTINCT FROM}. So the usual path has
 * the schemas in which all operators are extensions'. What names something without its schema, as bodies of functions may,
 * needs {@code public} as well: that is tried for what failed, and only for that.
 */
public final class NameLookup {

    /** For what uses no operator but PostgreSQL's own. */
    public static final Round OWN = new Round(List.of(), false);

    private static final int LARGEST = 256 << 20;
    private static final String PUBLIC = "public";

    private final Map<Relation.Named, SQLException> wide = new ConcurrentHashMap<>();
    private final RestoreReport report;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile Map<String, String> others = Map.of();
    private @Nullable List<String> schemas;
    private @Nullable Uses saved;
    private @Nullable IOException unreadable;
    private boolean read;

    NameLookup(RestoreReport report) {
        this.report = report;
    }

    /**
     * One attempt.
     *
     * @param schemas that are searched after PostgreSQL's own
     * @param wide whether it is for what failed without
     */
    public record Round(List<String> schemas, boolean wide) {

        /** Sets the path for the rest of a transaction. */
        public String use() {
            return "SET LOCAL search_path = "
                    + Stream.concat(Stream.of("pg_catalog"), schemas.stream().map(Relation::quote))
                            .collect(Collectors.joining(", "))
                    + ";\n";
        }
    }

    /** Nothing is searched in these schemas of the target from now on, since a name without a schema would find others' things there. */
    public void leaveOut(Map<String, String> schemasOfOthers) {
        others = Map.copyOf(schemasOfOthers);
    }

    /** Without the schemas that aren't searched. */
    private List<String> safe(Collection<String> wanted) {
        List<String> searched = new ArrayList<>(wanted);
        searched.removeIf(others::containsKey);
        return List.copyOf(searched);
    }

    /** Reports schemas that would be searched, if nothing of others were in them, and that something was needed of. */
    public void tellOfOthers(Collection<String> needed) {
        for (String schema : needed) {
            String why = others.get(schema);
            if (why != null && told.add(schema)) {
                report.note("Schema " + Relation.quote(schema) + " wasn't searched, since " + why
                        + " is in it, which would run with the rights of the role that restores. Definitions that "
                        + "name something there without its schema, or use an extension's operators there, may be "
                        + "listed as missing or as meaning something else. Restore as the role that owns it, or give "
                        + "it to the role that restores.");
            }
        }
    }

    /** The same for what failed by the widest path. */
    public void tellOfOthers(String own) {
        tellOfOthers(List.of(PUBLIC, own));
    }

    /** The usual path, as the target has it now. */
    public synchronized Round usual(RestorePlan plan, Connection connection) throws SQLException {
        List<String> known = schemas;
        if (known == null) {
            List<String> found = new ArrayList<>(Target.texts(connection, ExtensionSchemas.QUERY));
            plan.preData().stream()
                    .filter(entry -> "OPERATOR".equals(entry.type()))
                    .forEach(entry -> found.remove(entry.schema()));
            tellOfOthers(found);
            known = safe(found);
            schemas = known;
        }
        return new Round(known, false);
    }

    /** An extension was made: perhaps the usual path is another one now. */
    public synchronized void forget() {
        schemas = null;
    }

    /**
     * The path for what failed by the usual one.
     *
     * @param own the schema of what is made; empty for none
     */
    public Round wide(String own, RestorePlan plan, Connection connection) throws SQLException {
        Set<String> all = new LinkedHashSet<>(usual(plan, connection).schemas());
        all.add(PUBLIC);
        if (!own.isEmpty()) {
            all.add(own);
        }
        return new Round(safe(all), true);
    }

    /** Paths by which operators of these schemas are found, for what means something else by the usual one. */
    public List<Round> exact(Collection<String> operators, RestorePlan plan, Connection connection)
            throws SQLException {
        Set<String> more = new LinkedHashSet<>(usual(plan, connection).schemas());
        more.addAll(operators);
        return List.of(new Round(safe(more), false), new Round(safe(operators), false), OWN);
    }

    /** The path for a table's rows: its constraints, generated columns and triggers may call functions. */
    Round ofRows(Relation.Named table, RestorePlan plan, Connection connection) throws SQLException {
        return wide.containsKey(table) ? wide(table.schema(), plan, connection) : usual(plan, connection);
    }

    /**
     * Whether a table's rows should be tried again.
     *
     * @param failure of the first time
     */
    public boolean widen(Relation.Named table, SQLException failure) {
        return FatalErrors.isAboutNames(failure) && wide.putIfAbsent(table, failure) == null;
    }

    /** Reports rows that only came in by the wide path. */
    public void tellOfRows(Relation.Named table, RestoreReport report, String what) {
        SQLException first = wide.get(table);
        if (first != null) {
            tell(report, what, first);
        }
    }

    /** What the saved database's definitions used; null when the archive doesn't say, or it can't be read. */
    public synchronized @Nullable Uses uses(SavedBackup backup) {
        if (!read) {
            read = true;
            if (backup.manifest().files().containsKey(EntryNames.DEPENDENCIES)) {
                try {
                    saved = UsesFile.read(CheckedEntry.read(backup, EntryNames.DEPENDENCIES, LARGEST));
                } catch (IOException e) {
                    unreadable = e;
                }
            }
        }
        return saved;
    }

    /** The same where it is needed, which reports what can't be read. */
    public synchronized @Nullable Uses saved(RestorePlan plan) {
        Uses uses = uses(plan.backup());
        IOException why = unreadable;
        if (why != null) {
            unreadable = null;
            report.add(new NotApplied(
                    "meaning of definitions",
                    EntryNames.DEPENDENCIES + " can't be read: " + why.getMessage()
                            + ". It is unknown whether views, constraints and the like still use the same functions "
                            + "and operators.",
                    null));
        }
        return uses;
    }

    /** Reports something that only came back by the wide path. */
    public static void tell(RestoreReport report, String what, SQLException first) {
        report.note(what
                + " could be restored only with \"public\" in the search path, because a function that it calls names "
                + "something without its schema (" + FatalErrors.firstLine(first)
                + "). To avoid this, give the function a SET search_path.");
    }
}
