package dev.bactrian.dump;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** What the routes of a backup ask of its {@link InstantWatch}. */
public final class Instants {

    private static final int MOST_ROUNDS = 3;
    /** As many names as surely fit on a command line. */
    private static final int MOST_TABLES = 1000;

    private static final Set<String> PLATFORM = Set.of("auth", "storage", "vault");

    /** Begins to watch for changes, once the snapshot is there. */
    public InstantWatch watch(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("snapshot") Snapshot snapshot)
            throws SQLException {
        try (Connection connection = snapshot.dataSource().getConnection()) {
            InstantWatch watch = InstantWatch.begin(run, snapshot, connection);
            run.closeAtEnd(watch);
            return watch;
        }
    }

    /** Begins to read a group's tables, before its program is started. */
    public Reading reading(@Body DumpGroup group, @ExchangeProperty("instant") InstantWatch watch) throws SQLException {
        return watch.reading(group.tables());
    }

    /** What of it can be read by its saved names. */
    public DumpGroup inPlace(@Body DumpGroup group, @Header("reading") Reading reading) {
        return group.of(reading.inPlace());
    }

    /** Refuses definitions that aren't the snapshot's. */
    public void confirmDefinitions(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("plan") Plan plan)
            throws SQLException {
        watch.settleDefinitions(plan.selection()::holdsSchema);
        run.getEvidence().done("confirm-definitions");
    }

    /** Refuses roles that lack one which the database needs. */
    public void confirmRoles(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("instant") InstantWatch watch)
            throws SQLException {
        watch.settleRoles();
        run.getEvidence().done("confirm-roles");
    }

    /** Refuses rows that aren't the snapshot's. */
    public void confirmTables(@ExchangeProperty("instant") InstantWatch watch) throws SQLException {
        watch.settle();
    }

    /** Whether tables have to be read again, since they were changed and are as they were. */
    public boolean hasDoubtful(@ExchangeProperty("instant") InstantWatch watch) {
        return watch.hasDoubtful();
    }

    /**
     * What to read again.
     *
     * @param rounds how often that was asked in this backup
     * @throws ProblemException when tables are changed all the time
     */
    public List<DumpGroup> doubtful(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty(Exchange.LOOP_INDEX) int rounds) {
        List<Table> tables = watch.takeDoubtful();
        if (!tables.isEmpty()) {
            // Taken, they are only good when they are compared.
            run.getEvidence().expect("compare-with-archive");
            run.getEvidence().undone("compare-with-archive");
        }
        if (rounds >= MOST_ROUNDS && !tables.isEmpty()) {
            throw ProblemException.stopped(
                    "Table " + tables.get(0).quoted()
                            + ", or something that it needs, is changed again and again while it is read.",
                    "Find in pg_stat_activity what alters it, and start the backup again when that is done.");
        }
        for (Table table : tables) {
            if (table.scattered()) {
                // pg_dump, which would read it again to compare, prints its rows as another table's.
                throw ProblemException.stopped(
                        "Table " + table.quoted()
                                + ", or something that it needs, was changed and changed back while it was read.",
                        "Start the backup again when nothing alters it.");
            }
        }
        List<DumpGroup> groups = new ArrayList<>();
        for (int from = 0; from < tables.size(); from += MOST_TABLES) {
            groups.add(new DumpGroup(tables.subList(from, Math.min(from + MOST_TABLES, tables.size()))));
        }
        return groups;
    }

    /** Refuses what queries read of a Supabase project's users, files and secrets, where their tables were changed. */
    public void confirmPlatform(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("plan") Plan plan)
            throws SQLException {
        watch.settleNow(plan.tables().stream()
                .filter(table -> PLATFORM.contains(table.schema()))
                .toList());
        run.getEvidence().done("confirm-platform-tables");
    }

    /** Refuses whole dumps that may have read tables or definitions that aren't the snapshot's. */
    public void confirmEverything(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("plan") Plan plan)
            throws SQLException {
        watch.settleDefinitions(plan.selection()::holdsSchema);
        watch.settleNow(plan.tables());
        run.getEvidence().done("confirm-formats");
    }

    /** Throws what explains why pg_dump couldn't read definitions: a change, or else what it said itself. */
    public void explain(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("plan") Plan plan)
            throws Exception {
        watch.explainDefinitions(failure, plan.selection()::holdsSchema);
        throw failure;
    }
}
