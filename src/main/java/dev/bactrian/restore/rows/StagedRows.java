package dev.bactrian.restore.rows;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows of a table that can't be written itself, in a temporary one of texts, for what is done with them instead. */
public final class StagedRows {

    public static final String TABLE = "pg_temp.\"bactrian rows\"";

    private StagedRows() {}

    /** The table's part of the archive, where it has rows, and they are wanted. */
    public static Optional<Manifest.TablePart> wanted(Relation.Named table, RestorePlan plan, RestoreRun run) {
        if (run.getRequest().is(RestoreRequest.Option.SCHEMA_ONLY)
                || !plan.sequenceOwners().contains(table)) {
            return Optional.empty();
        }
        return plan.backup().manifest().tables().stream()
                .filter(part -> RestorePlan.named(part).equals(table) && part.hasRows())
                .filter(part -> !Long.valueOf(0).equals(part.rows()))
                .findFirst();
    }

    /**
     * Copies them, in the connection's transaction.
     *
     * @param needed columns that it has whether the archive has them or not
     */
    public static void copy(
            Manifest.TablePart part, List<String> needed, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        SavedRows.copy(
                part,
                from -> {
                    Attempt.quietly(
                            connection,
                            "CREATE TEMPORARY TABLE " + TABLE + " ("
                                    + Stream.concat(from.columns().stream(), needed.stream())
                                            .distinct()
                                            .map(column -> Relation.quote(column) + " text")
                                            .collect(Collectors.joining(", "))
                                    + ") ON COMMIT DROP");
                    return "COPY " + TABLE + " (" + Relation.quoted(from.columns()) + ") FROM STDIN";
                },
                run,
                saved,
                connection);
    }
}
