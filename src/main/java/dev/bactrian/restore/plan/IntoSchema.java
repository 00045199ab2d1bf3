package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.SchemaRename;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the tables of one schema go into another one. */
final class IntoSchema {

    /** What has a name of its own in its schema, and goes where its table goes. */
    private static final Set<String> RELATIONS =
            Set.of("TABLE", "FOREIGN TABLE", "SEQUENCE", "INDEX", "CONSTRAINT", "STATISTICS");

    private IntoSchema() {}

    /** How, or null where everything keeps its schema. */
    static @Nullable SchemaRename rename(
            RestoreRequest request, RestoreSelection selection, Definitions definitions, List<ScriptEntry> wanted) {
        String into = request.intoSchema();
        if (into == null) {
            return null;
        }
        Set<String> schemas =
                selection.tables().stream().map(Manifest.TablePart::schema).collect(Collectors.toSet());
        if (schemas.size() != 1) {
            throw Target.refused(
                    "Into schema accepts the tables of one schema, and these are from " + schemas.size() + ".",
                    "Restore one schema at a time.");
        }
        String from = schemas.iterator().next();
        if (request.schemas().contains(from)) {
            return new SchemaRename(from, into, null);
        }
        Set<String> names = new HashSet<>();
        wanted.stream().filter(entry -> RELATIONS.contains(entry.type())).forEach(entry -> {
            ScriptEntry table = definitions.tableOf(entry);
            if (table != null && entry.tag().startsWith(table.tag() + " ")) {
                // A constraint's index has its name.
                names.add(entry.tag().substring(table.tag().length() + 1));
            } else {
                names.add(entry.tag());
            }
        });
        return new SchemaRename(from, into, names);
    }
}
