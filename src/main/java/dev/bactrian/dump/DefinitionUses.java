package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.UsesFile;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.meaning.Definition;
import dev.bactrian.postgres.meaning.UsesQuery;
import dev.bactrian.selection.Selection;
import dev.bactrian.support.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.apache.camel.ExchangeProperty;

/** What the saved definitions use, at the snapshot's instant. */
public final class DefinitionUses {

    private static final String TEXTLESS = "SQL_ASCII";
    private static final Set<String> OF_NO_TABLE = Set.of("function", "type");

    /**
     * Reads it, as {@code db/dependencies.json}. Empty for a database whose names have no encoding, so that no file of text can
     * have them.
     */
    public String read(
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("run") BackupRun run)
            throws SQLException {
        if (TEXTLESS.equals(plan.server().encoding())) {
            return "";
        }
        try (Connection connection = snapshot.dataSource().getConnection()) {
            String uses =
                    UsesFile.write(UsesQuery.read(connection), definition -> isSaved(definition, plan.selection()));
            run.getEvidence().undone("confirm-definitions");
            run.getEvidence().text(EntryNames.DEPENDENCIES, Sha256.of(uses));
            return uses;
        }
    }

    private static boolean isSaved(Definition definition, Selection selection) {
        return OF_NO_TABLE.contains(definition.kind())
                ? selection.holdsSchema(definition.schema())
                : selection.holds(definition.schema(), definition.name());
    }
}
