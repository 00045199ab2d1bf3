package dev.bactrian.dump.plan;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.problem.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * psql, which comes with pg_dump in most packages, and reads what pg_dump can't, or would read as a whole.
 *
 * @param tools null where they weren't found, as a check may have it: it has said so
 */
record RowProgram(@Nullable PgTools tools) {

    private static final String NAME = "psql";
    private static final int MOST_NAMED = 3;

    /** Whether tables can be read in ranges. */
    boolean readsRanges() {
        return tools == null || tools.has(NAME);
    }

    /**
     * Refuses tables that pg_dump can't read where psql is missing.
     *
     * @throws ProblemException if there are some
     */
    void require(Stream<Table> tables) {
        if (tools != null && !tools.has(NAME)) {
            List<Table> all = tables.toList();
            if (!all.isEmpty()) {
                throw ProblemException.stopped(
                        tools.missing(NAME) + ". It reads the rows of " + named(all)
                                + ", which pg_dump leaves out since an extension made the table, or prints as another "
                                + "table's.",
                        PgTools.REMEDY);
            }
        }
    }

    /** Warns that these tables, which would be read in ranges, are read as a whole. */
    void warn(BackupRun run, Stream<Table> tables) {
        List<Table> all = tables.toList();
        if (tools != null && !all.isEmpty()) {
            run.warn(tools.missing(NAME)
                    + ". So these tables are read as a whole, each by one pg_dump, and not in parts as "
                    + "BACKUP_SPLIT_ABOVE asks for: " + named(all) + ". " + PgTools.REMEDY);
        }
    }

    private static String named(List<Table> tables) {
        String names = String.join(
                ", ", tables.stream().limit(MOST_NAMED).map(Table::quoted).toList());
        return tables.size() > MOST_NAMED ? names + " (and " + (tables.size() - MOST_NAMED) + " more)" : names;
    }
}
