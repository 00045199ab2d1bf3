package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.StorageSchemaRows;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.selection.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which tables and definitions of an archive a request means. */
public final class RestoreSelection {

    private final RestoreRequest request;
    private final Manifest manifest;
    private final Definitions definitions;
    private final List<Manifest.TablePart> tables;
    private final Set<Relation.Named> names;

    /**
     * Works it out.
     *
     * @throws dev.bactrian.problem.ProblemException when the request names what the archive doesn't have
     */
    public RestoreSelection(RestoreRequest request, Manifest manifest, Definitions definitions) {
        this.request = request;
        this.manifest = manifest;
        this.definitions = definitions;
        if (Marker.SCHEMA.equals(request.intoSchema())) {
            throw Target.refused(
                    "A schema of the name " + Marker.SCHEMA + " is what a restore marks its target with.",
                    "Use another name for --into-schema.");
        }
        this.tables =
                findTables().stream().filter(table -> !isMark(table.schema())).toList();
        this.names = tables.stream()
                .map(table -> Definitions.inHeaders(table.schema(), table.name()))
                .collect(Collectors.toSet());
    }

    /** Tables of all kinds, in the manifest's order. */
    List<Manifest.TablePart> tables() {
        return tables;
    }

    /** Whether a schema of the archive would be the one by which this restore marks its target. */
    private boolean isMark(String schema) {
        return request.intoSchema() == null && Marker.SCHEMA.equals(schema);
    }

    /** Whether the archive has something that can't be in a target under its name. */
    private boolean leavesMarkOut() {
        boolean wanted = request.isEverything() || request.schemas().contains(Marker.SCHEMA);
        return wanted && isMark(Marker.SCHEMA) && manifest.schemas().stream().anyMatch(schema -> isMark(schema.name()));
    }

    /** Says what stays behind of a schema of the archive that has the name of a restore's mark. */
    void tellOfMark(boolean scratch, RestoreReport report) {
        if (!leavesMarkOut()) {
            return;
        }
        if (!scratch) {
            report.add(new NotApplied("schema " + Marker.SCHEMA, Marker.REASON, null));
            return;
        }
        Set<ScriptEntry> left = new HashSet<>(withoutMark());
        definitions.all().stream()
                .filter(entry -> !left.contains(entry))
                .forEach(entry -> report.notProven(new NotApplied(entry.what(), Marker.REASON, null)));
    }

    private List<Manifest.TablePart> findTables() {
        if (request.isEverything()) {
            return manifest.tables();
        }
        if (request.isPartOfProject()) {
            return ofProject();
        }
        Set<String> schemas =
                manifest.schemas().stream().map(Manifest.SchemaPart::name).collect(Collectors.toSet());
        for (String schema : request.schemas()) {
            if (!schemas.contains(schema)) {
                throw Target.refused(
                        "The archive has no schema " + schema + ".",
                        "It has: " + String.join(", ", new TreeSet<>(schemas)) + ".");
            }
        }
        Set<Manifest.TablePart> found = new LinkedHashSet<>();
        manifest.tables().stream()
                .filter(table -> request.schemas().contains(table.schema()))
                .forEach(found::add);
        for (String wanted : request.tables()) {
            // A partitioned table's rows are in its partitions.
            NamedTables.add(manifest, NamedTables.byName(manifest, wanted), found);
        }
        return List.copyOf(found);
    }

    private List<Manifest.TablePart> ofProject() {
        boolean users = request.is(RestoreRequest.Option.AUTH_ONLY);
        List<Manifest.TablePart> found = manifest.tables().stream()
                .filter(table ->
                        users ? "auth".equals(table.schema()) : StorageSchemaRows.are(RestorePlan.named(table)))
                .toList();
        if (found.isEmpty()) {
            throw Target.refused(
                    "The archive has no rows of " + (users ? "auth" : "storage") + ": it isn't the backup of a "
                            + "Supabase project.",
                    "Restore tables with --table, or use another backup.");
        }
        return found;
    }

    /** Where a table goes. */
    Relation.Named goal(Manifest.TablePart table) {
        String into = request.intoSchema();
        return new Relation.Named(into == null ? table.schema() : into, table.name());
    }

    /** Whether rows of a table are wanted at all. */
    boolean wantsRows(Manifest.TablePart table) {
        return table.hasRows() && !request.is(RestoreRequest.Option.SCHEMA_ONLY);
    }

    /** The definitions that are wanted, in the script's order. */
    public List<ScriptEntry> definitions() {
        if (request.is(RestoreRequest.Option.DATA_ONLY)) {
            return List.of();
        }
        if (request.isEverything()) {
            return leavesMarkOut() ? withoutMark() : definitions.all();
        }
        List<ScriptEntry> wanted = new ArrayList<>();
        Set<Integer> ids = new LinkedHashSet<>();
        for (ScriptEntry entry : definitions.all()) {
            if (entry.isAttribute() ? isWantedAttribute(entry, ids) : isWanted(entry)) {
                wanted.add(entry);
                ids.add(entry.id());
            }
        }
        return wanted;
    }

    private List<ScriptEntry> withoutMark() {
        List<ScriptEntry> left = new ArrayList<>();
        Set<Integer> out = new LinkedHashSet<>();
        for (ScriptEntry entry : definitions.all()) {
            ScriptEntry table = definitions.tableOf(entry);
            if (isMark("SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema())
                    || table != null && isMark(table.schema())
                    || entry.isAttribute() && isWantedAttribute(entry, out)) {
                out.add(entry.id());
            } else {
                left.add(entry);
            }
        }
        return List.copyOf(left);
    }

    private boolean isWanted(ScriptEntry entry) {
        if (isMark("SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema())) {
            return false;
        }
        ScriptEntry table = definitions.tableOf(entry);
        if (table != null) {
            return names.contains(new Relation.Named(table.schema(), table.tag()));
        }
        return request.schemas().contains("SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema());
    }

    private static boolean isWantedAttribute(ScriptEntry entry, Set<Integer> wanted) {
        return entry.dependencies().stream().anyMatch(wanted::contains);
    }

    /** Materialized views whose rows are to be made anew, as the manifest orders them. */
    List<String> materializedViews(List<ScriptEntry> wanted) {
        if (request.is(RestoreRequest.Option.SCHEMA_ONLY)) {
            return List.of();
        }
        if (request.is(RestoreRequest.Option.DATA_ONLY) && request.isEverything()) {
            return manifest.materializedViews();
        }
        Map<String, String> views = wanted.stream()
                .filter(entry -> "MATERIALIZED VIEW".equals(entry.type()))
                .map(entry -> new Relation.Named(entry.schema(), entry.tag()).quoted())
                .collect(Collectors.toMap(name -> name, name -> name, (one, other) -> one));
        return manifest.materializedViews().stream()
                .filter(view -> views.containsKey(view.replaceAll("[\n\r]", " ")))
                .toList();
    }
}
