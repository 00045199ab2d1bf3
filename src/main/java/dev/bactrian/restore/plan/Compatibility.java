package dev.bactrian.restore.plan;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.CronPlace;
import dev.bactrian.restore.target.TargetEventTriggers;
import dev.bactrian.restore.target.UsersObjects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of the wanted definitions the target takes: what it has already, and what it can't have, is left out. */
final class Compatibility {

    private static final Set<String> PARTS = Set.of("TRIGGER", "POLICY");

    /** Triggers and policies, as {@link ScriptEntry#what} tells them. */
    private static final String ADDED =
            """
            SELECT 'TRIGGER ' || n.nspname || '.' || c.relname || ' ' || t.tgname FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal
            UNION ALL SELECT 'POLICY ' || n.nspname || '.' || c.relname || ' ' || p.polname FROM pg_policy p
              JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace""";

    private final Target target;
    private final RestoreRequest request;
    private final RestoreReport report;
    private final Definitions definitions;
    private final Set<String> schemas;
    private final Set<String> available;
    private final Set<String> installed;
    private final @Nullable String cronRefusal;
    private final Set<String> publications;
    private final TargetEventTriggers eventTriggers;
    private final Set<String> added;
    private final UsersObjects usersObjects;
    private final String user;

    Compatibility(
            Connection connection, Target target, RestoreRequest request, RestoreReport report, Definitions definitions)
            throws SQLException {
        this.target = target;
        this.request = request;
        this.report = report;
        this.definitions = definitions;
        this.schemas = new HashSet<>(Target.texts(connection, "SELECT nspname FROM pg_namespace"));
        this.available = new HashSet<>(Target.texts(connection, "SELECT name FROM pg_available_extensions"));
        this.cronRefusal = CronPlace.refusal(connection, request);
        this.installed = new HashSet<>(Target.texts(connection, "SELECT extname FROM pg_extension"));
        this.publications = new HashSet<>(Target.texts(connection, "SELECT pubname FROM pg_publication"));
        this.eventTriggers = TargetEventTriggers.read(connection, definitions, report);
        this.added = target.isSupabase() ? new HashSet<>(Target.texts(connection, ADDED)) : Set.of();
        this.usersObjects = UsersObjects.read(connection, target, definitions);
        this.user = Target.text(connection, "SELECT current_user");
    }

    /**
     * Leaves out what needn't or can't be made.
     *
     * @throws dev.bactrian.problem.ProblemException when the target lacks extensions, and the request doesn't say to go on
     */
    List<ScriptEntry> admit(List<ScriptEntry> wanted) {
        refuseMissingExtensions(wanted);
        Set<ScriptEntry> elsewhere = worksElsewhere(wanted);
        List<ScriptEntry> admitted = new ArrayList<>();
        Set<Integer> leftOut = new HashSet<>();
        for (ScriptEntry entry : wanted) {
            boolean ofLeftOut =
                    entry.isAttribute() && entry.dependencies().stream().anyMatch(leftOut::contains);
            if (ofLeftOut
                    || elsewhere.contains(entry)
                    || isThePlatforms(entry)
                    || isThere(entry)
                    || isUnwanted(entry)) {
                // Who may use a schema that every database has, as public, is the user's all the same.
                if (!"SCHEMA".equals(entry.type()) || request.intoSchema() != null || isThePlatforms(entry)) {
                    leftOut.add(entry.id());
                }
            } else {
                admitted.add(entry);
            }
        }
        return admitted;
    }

    private void refuseMissingExtensions(List<ScriptEntry> wanted) {
        Set<String> missing = new TreeSet<>();
        wanted.stream()
                .filter(entry -> "EXTENSION".equals(entry.type()))
                .map(ScriptEntry::tag)
                .filter(name -> !available.contains(name) && !installed.contains(name))
                .forEach(missing::add);
        if (missing.isEmpty()) {
            return;
        }
        if (!request.is(Option.SKIP_MISSING_EXTENSIONS)) {
            throw Target.refused(
                    "The target's server doesn't offer the extensions " + String.join(", ", missing) + ".",
                    "Install their packages there, or add --skip-missing-extensions: what needs them is then left "
                            + "out, and listed.");
        }
        missing.forEach(name -> report.add(new NotApplied(
                "EXTENSION " + name,
                "The target's server doesn't offer it.",
                "CREATE EXTENSION " + dev.bactrian.selection.Relation.quote(name) + ";")));
    }

    /** Said before anything is written; all else is restored. */
    private Set<ScriptEntry> worksElsewhere(List<ScriptEntry> wanted) {
        String why = cronRefusal;
        Set<ScriptEntry> found = new HashSet<>();
        // What a dry run sees of a database yet to be made is another one.
        boolean there = installed.contains(CronPlace.EXTENSION) && request.createDatabase() == null;
        if (why != null && available.contains(CronPlace.EXTENSION) && !there) {
            wanted.stream()
                    .filter(entry -> "EXTENSION".equals(entry.type()) && CronPlace.EXTENSION.equals(entry.tag()))
                    .forEach(found::add);
            found.forEach(entry ->
                    report.add(new NotApplied(entry.what(), why, "CREATE EXTENSION " + CronPlace.EXTENSION + ";")));
        }
        return found;
    }

    private boolean isThere(ScriptEntry entry) {
        return switch (entry.type()) {
            case "SCHEMA" -> schemas.contains(entry.tag()) || request.intoSchema() != null;
            case "EXTENSION" -> installed.contains(entry.tag()) || !available.contains(entry.tag());
            case "PUBLICATION" -> publications.contains(entry.tag());
            case "EVENT TRIGGER" -> eventTriggers.has(entry);
            default -> false;
        };
    }

    /** A managed schema that is there is the platform's business, but for what users add to its tables. */
    private boolean isThePlatforms(ScriptEntry entry) {
        if (!target.isSupabase()) {
            return false;
        }
        ScriptEntry table = definitions.tableOf(entry);
        String schema = table != null ? table.schema() : "SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema();
        boolean managed = Platform.managedSchema(schema) && (schemas.contains(schema) || Platform.isOnDemand(schema));
        if (managed && usersObjects.has(entry)) {
            return false;
        }
        if (managed) {
            return table == null || !PARTS.contains(entry.type()) || added.contains(entry.what());
        }
        // Made for the platform's roles in every project; nobody else may change those of a role.
        boolean ofItsRoles = Set.of("EVENT TRIGGER", "DEFAULT ACL").contains(entry.type());
        return ofItsRoles && Platform.role(entry.owner()) && !entry.owner().equals(user)
                || eventTriggers.isThePlatforms(entry);
    }

    private boolean isUnwanted(ScriptEntry entry) {
        return entry.isGrant() && request.is(Option.NO_PRIVILEGES);
    }
}
