package dev.bactrian.restore.plan;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.ddl.TableText;
import dev.bactrian.restore.rows.LargeObjects;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a dry run says of large objects that stay behind. */
final class LargeObjectForecast {

    private LargeObjectForecast() {}

    /** In a dry run, which has no rows: columns that may refer to some that stay behind. */
    static void foretell(RestoreRun run, SavedBackup saved, RestoreSelection selection, Definitions definitions)
            throws IOException {
        RestoreRequest request = run.getRequest();
        if (!request.is(RestoreRequest.Option.DRY_RUN)
                || request.is(RestoreRequest.Option.LARGE_OBJECTS)
                || request.isEverything()
                || !saved.reader().has(EntryNames.LARGE_OBJECTS)) {
            return;
        }
        Map<Relation.Named, ScriptEntry> tables = definitions.tables();
        for (Manifest.TablePart table : selection.tables()) {
            ScriptEntry entry = tables.get(Definitions.inHeaders(table.schema(), table.name()));
            if (entry == null || !selection.wantsRows(table)) {
                continue;
            }
            List<String> columns = TableText.of(definitions.text(entry)).objectColumns();
            if (!columns.isEmpty()) {
                run.getReport()
                        .note("Rows may refer to large objects, which aren't restored: column "
                                + Relation.quoted(columns) + " of "
                                + selection.goal(table).quoted() + "." + LargeObjects.OPTION);
            }
        }
    }
}
