package dev.bactrian.restore.rows;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.SavedExtension.Part;
import dev.bactrian.dump.ExtensionFacts;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the target's extensions are short of, compared with the saved ones, as far as the restore has got. Only extensions of
 * the same version are held to it: another one has other members, rightly.
 */
public final class MissingMembers {

    private static final String VIEW_ROWS = "rows of materialized view";
    private static final int MEMBERS = 1;
    private static final int COLUMNS = 2;
    private static final int INDEXES = 3;
    private static final int LAST = 5;

    private final List<Part> saved;
    private final RestoreRun run;
    private final RestorePlan plan;
    private final Target target;
    private final String query;
    private final Set<Relation.Named> made = ConcurrentHashMap.newKeySet();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<Relation.Named, Manifest.TablePart> loads = new HashMap<>();
    private final Set<String> told = new HashSet<>();

    public MissingMembers(List<Part> saved, RestoreRun run, Target target, RestorePlan plan, String query) {
        plan.tables().forEach(load -> loads.put(load.target(), load.part()));
        boolean sameMajor = plan.backup().manifest().source().serverMajor() == target.major();
        this.saved = run.getRequest().intoSchema() != null
                ? List.of()
                : saved.stream()
                        // Scripts of one version may make other objects on another PostgreSQL.
                        .filter(part -> sameMajor || part.definition() != null)
                        .filter(part -> !target.isSupabase() || !isThePlatforms(part))
                        .filter(part ->
                                plan.everything() || part.relation() != null && loads.containsKey(part.relation()))
                        .toList();
        this.run = run;
        this.plan = plan;
        this.target = target;
        this.query = query;
    }

    /** Functions by which the platform wraps an extension, above all. */
    private static boolean isThePlatforms(Part part) {
        Relation.Named relation = part.relation();
        return Platform.managedSchema(
                relation != null ? relation.schema() : part.identity().replaceFirst("\\..*", ""));
    }

    /** Tables that this restore made, whose rows are therefore all the user's. */
    public boolean hasMade(Relation.Named table) {
        return made.contains(table);
    }

    /** With the extensions: what other definitions may need. What fails now may go well when those are there. */
    public void withExtensions(Connection connection) throws SQLException {
        make(MEMBERS, connection);
    }

    /** What failed then, before definitions of another kind that may need it. */
    public void again(Connection connection) throws SQLException {
        if (!failures.isEmpty()) {
            make(MEMBERS, connection);
        }
    }

    /** Once all definitions are there that come before the rows. */
    public void beforeRows(Connection connection) throws SQLException {
        make(MEMBERS, connection);
        make(COLUMNS, connection);
    }

    public void afterRows(Connection connection) throws SQLException {
        make(INDEXES, connection);
    }

    public void finish(Connection connection) throws SQLException {
        for (int step = INDEXES + 1; step <= LAST; step++) {
            make(step, connection);
        }
        for (Part part : missing(connection)) {
            if (VIEW_ROWS.equals(part.kind()) && run.getRequest().is(RestoreRequest.Option.SCHEMA_ONLY)) {
                continue;
            }
            String reason = failures.getOrDefault(
                    part.what(),
                    part.definition() == null
                            ? "The target's extension doesn't create it, and the archive has no definition of it."
                            : "It doesn't exist on the target.");
            NotApplied notMade = new NotApplied(part.what(), reason, part.script());
            if (VIEW_ROWS.equals(part.kind()) && run.getRequest().isScratch()) {
                run.getReport().notProven(notMade);
            } else {
                run.getReport().add(notMade);
            }
        }
    }

    /** Of one step, again while one more goes well: they may need each other. */
    private void make(int step, Connection connection) throws SQLException {
        boolean more = saved.stream().anyMatch(part -> part.step() == step && part.definition() != null);
        while (more) {
            more = false;
            for (Part part : missing(connection)) {
                if (part.step() == step && part.definition() != null && isWanted(part) && make(part, connection)) {
                    more = true;
                }
            }
        }
    }

    /** A verification asks no other system, which the query of a view may do. */
    private boolean isWanted(Part part) {
        return !VIEW_ROWS.equals(part.kind())
                || !run.getRequest().isScratch() && !run.getRequest().is(RestoreRequest.Option.SCHEMA_ONLY);
    }

    private boolean make(Part part, Connection connection) throws SQLException {
        if (run.isStopped()) {
            throw new SQLException("The restore was stopped");
        }
        try {
            Target.execute(connection, run.getNames().usual(plan, connection).use() + part.definition());
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            failures.put(part.what(), FatalErrors.firstLine(e) + ".");
            return false;
        }
        failures.remove(part.what());
        run.getReport().defined(1);
        for (String statement : Objects.requireNonNullElse(part.then(), List.<String>of())) {
            boolean unwanted = statement.startsWith("GRANT ")
                            && run.getRequest().is(RestoreRequest.Option.NO_PRIVILEGES)
                    || statement.contains(" OWNER TO ") && run.getRequest().is(RestoreRequest.Option.NO_OWNER);
            try {
                if (!unwanted) {
                    Target.execute(connection, statement);
                }
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e)) {
                    throw e;
                }
                run.getReport().add(new NotApplied(part.what(), FatalErrors.firstLine(e) + ".", statement + ";"));
            }
        }
        Relation.Named relation = part.relation();
        if (part.isMember() && relation != null) {
            made.add(relation);
        } else if ("column".equals(part.kind())
                && relation != null
                && !ExtensionRows.areLeftToUsers(relation, connection)) {
            run.getReport()
                    .add(new NotApplied(
                            "values of " + part.what(),
                            "The extension doesn't let users store rows in the table.",
                            null));
        }
        return true;
    }

    /** What the target doesn't have yet. */
    private List<Part> missing(Connection connection) throws SQLException {
        if (saved.isEmpty()) {
            return List.of();
        }
        Map<String, String> versions = new LinkedHashMap<>();
        Set<String> there = new HashSet<>();
        for (Part part : ExtensionFacts.parse(now(connection))) {
            versions.put(part.extension(), part.version());
            there.add(part.what());
        }
        List<Part> missing = new ArrayList<>();
        for (Part part : saved) {
            String version = versions.get(part.extension());
            // One that isn't there at all is told as such.
            if (version == null || there.contains(part.what())) {
                continue;
            }
            if (version.equals(part.version())) {
                missing.add(part);
            } else {
                tellOfVersion(part, version);
            }
        }
        return missing;
    }

    private void tellOfVersion(Part part, String version) {
        Relation.Named relation = part.relation();
        if (!part.isMember() || relation == null || !told.add(part.what())) {
            return;
        }
        Manifest.TablePart table = loads.get(relation);
        Long rows = table == null ? null : table.rows();
        if (rows != null && rows > 0) {
            run.getReport()
                    .add(new NotApplied(
                            part.what(),
                            "The target has the extension in version " + version + ", the saved one was "
                                    + part.version() + ". The table and its " + rows + " rows are missing.",
                            part.script()));
        } else {
            run.getReport()
                    .note("The target has extension " + part.extension() + " in version " + version
                            + ", the saved one was " + part.version() + ": its " + part.kind() + " " + part.identity()
                            + " isn't there.");
        }
    }

    /** Its session may have another path than that of the backup's, by which names are quoted and qualified. */
    private String now(Connection connection) throws SQLException {
        boolean auto = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = pg_catalog, pg_temp");
            return Target.text(connection, query);
        } finally {
            connection.rollback();
            connection.setAutoCommit(auto);
        }
    }
}
