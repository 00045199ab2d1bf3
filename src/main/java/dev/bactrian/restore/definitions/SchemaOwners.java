package dev.bactrian.restore.definitions;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Owners of schemas that the target had before the restore. {@code public} is in every new database, so it gets the saved
 * one, or goes where the saved database had none; whom any other schema belongs to is only compared, since that is the
 * target's own.
 */
final class SchemaOwners {

    private static final String PUBLIC = "public";
    /** Since then pg_dump says whom public belongs to where that isn't the database's owner (pg_dump.c, selectDumpableNamespace). */
    private static final int SAYS_OWNER_OF_PUBLIC = 15;

    private final RestoreRun run;
    private final Target target;
    private final RestorePlan plan;
    private final Connection connection;

    SchemaOwners(RestoreRun run, Target target, RestorePlan plan, Connection connection) {
        this.run = run;
        this.target = target;
        this.plan = plan;
        this.connection = connection;
    }

    /** Comes before the grants, which are those of the owner. */
    void apply() throws SQLException {
        RestoreRequest request = run.getRequest();
        if (request.is(Option.DATA_ONLY) || request.intoSchema() != null) {
            return;
        }
        boolean wholeNew = plan.everything() && request.createDatabase() != null;
        if (wholeNew && isWithoutPublic()) {
            execute("DROP SCHEMA IF EXISTS public", "schema public");
            return;
        }
        // Whom public belongs to in a project is the platform's business.
        if (request.is(Option.NO_OWNER) || target.isSupabase()) {
            return;
        }
        if (plan.everything()
                || request.createDatabase() != null && request.schemas().contains(PUBLIC)) {
            Optional<String> owner = ownerOfPublic();
            if (owner.isPresent()) {
                give(owner.get());
            }
        }
        if (plan.everything()) {
            compareOthers();
        }
    }

    private boolean isWithoutPublic() {
        Manifest manifest = plan.backup().manifest();
        return manifest.leftOut().isEmpty()
                && manifest.schemas().stream().noneMatch(schema -> PUBLIC.equals(schema.name()));
    }

    private Optional<String> ownerOfPublic() {
        Manifest manifest = plan.backup().manifest();
        Optional<String> defined = plan.definitions().all().stream()
                .filter(entry -> "SCHEMA".equals(entry.type()) && PUBLIC.equals(entry.tag()))
                .map(ScriptEntry::owner)
                .findFirst();
        return defined.isPresent() || manifest.source().pgDumpMajor() < SAYS_OWNER_OF_PUBLIC
                ? defined
                : manifest.schemas().stream()
                        .filter(schema -> PUBLIC.equals(schema.name()))
                        .map(Manifest.SchemaPart::owner)
                        .findFirst();
    }

    private void give(String owner) throws SQLException {
        String now = owner(PUBLIC);
        if (now.isEmpty() || now.equals(owner)) {
            return;
        }
        if (Target.text(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = " + Relation.literal(owner))
                .isEmpty()) {
            // One of PostgreSQL's own that an older server doesn't have is no loss.
            if (!owner.startsWith("pg_")) {
                run.getReport().roleIsMissing(owner);
            }
            return;
        }
        execute("ALTER SCHEMA public OWNER TO " + Relation.quote(owner), "owner of schema public");
    }

    private void compareOthers() throws SQLException {
        Set<String> made = plan.preData().stream()
                .filter(entry -> "SCHEMA".equals(entry.type()))
                .map(ScriptEntry::tag)
                .collect(Collectors.toCollection(HashSet::new));
        made.add(PUBLIC);
        for (ScriptEntry entry : plan.definitions().all()) {
            if (!"SCHEMA".equals(entry.type()) || made.contains(entry.tag())) {
                continue;
            }
            String now = owner(entry.tag());
            if (!now.isEmpty() && !now.equals(entry.owner())) {
                run.getReport()
                        .add(new NotApplied(
                                "owner of schema " + Relation.quote(entry.tag()),
                                "The schema existed already and belongs to " + now + "; in the saved database it "
                                        + "belongs to "
                                        + entry.owner() + ".",
                                "ALTER SCHEMA " + Relation.quote(entry.tag()) + " OWNER TO "
                                        + Relation.quote(entry.owner()) + ";"));
            }
        }
    }

    private String owner(String schema) throws SQLException {
        return Target.text(
                connection,
                "SELECT r.rolname FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner"
                        + " WHERE n.nspname = " + Relation.literal(schema));
    }

    private void execute(String sql, String what) throws SQLException {
        try {
            Target.execute(connection, sql);
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            run.getReport().add(new NotApplied(what, FatalErrors.firstLine(e), sql + ";"));
        }
    }
}
