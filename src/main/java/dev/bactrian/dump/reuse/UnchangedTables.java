package dev.bactrian.dump.reuse;

import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.TableRows;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.postgres.Table;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.unchanged.NewerRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves of tables that their rows are those of an earlier archive, and leaves them out of what is read. */
public final class UnchangedTables {

    private static final Logger LOG = LoggerFactory.getLogger(UnchangedTables.class);

    /** What may be unchanged, dealt out to the workers. */
    public List<Reuse.Portion> portions(@ExchangeProperty("reuse") Reuse reuse) {
        return reuse.portions();
    }

    /** Looks at the rows of a worker's share. What can't be proved, for whatever reason, is read. */
    public void prove(
            @Body Reuse.Portion portion,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("reuse") Reuse reuse,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("instant") InstantWatch instant)
            throws SQLException {
        Set<Candidate> same = new HashSet<>();
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = Snapshot.importInto(run, snapshot.getId());
                StoppableConnection stoppable = StoppableConnection.of(run, connection)) {
            Reading reading = instant.reading(portion.tables());
            Set<Table> inPlace = new HashSet<>(reading.inPlace());
            lock(inPlace, connection);
            reading.locked();
            for (Candidate candidate : portion.candidates()) {
                if (inPlace.contains(candidate.table())
                        && NewerRows.none(
                                connection,
                                candidate.table(),
                                reuse.earlier().source(),
                                candidate.rows(),
                                run.getProgress()::alive)) {
                    same.add(candidate);
                }
            }
            reading.ended();
        } catch (SQLException | ProblemException e) {
            // A change since the snapshot among them: whoever reads these tables says of which.
            if (run.isStopped()) {
                throw e;
            }
            LOG.info(
                    "{}: {} tables are read, since they couldn't be proved unchanged: {}",
                    run,
                    portion.candidates().size(),
                    e.getMessage());
            return;
        }
        // Only what is watched to the end.
        same.forEach(reuse::proved);
    }

    /** As pg_dump's, to the end of its transaction: until then none of them can get another file. */
    private static void lock(Set<Table> tables, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (tables.isEmpty()) {
                return;
            }
            statement.execute(tables.stream()
                    .map(table -> "LOCK TABLE ONLY " + table.quoted() + " IN ACCESS SHARE MODE")
                    .collect(Collectors.joining("; ")));
        }
    }

    /** The plan without what is taken over. */
    public Plan plan(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("reuse") Reuse reuse) {
        if (!plan.unchanged().isEmpty()) {
            throw LeftOutStep.edited("call direct:find-unchanged twice");
        }
        if (reuse.isFull() && !reuse.proved().isEmpty()) {
            run.getEvidence().expect("compare-with-earlier");
        }
        Map<Long, Candidate> takenOver = reuse.takenOver();
        List<DumpGroup> groups = plan.groups().stream()
                .map(group -> group.of(group.tables().stream()
                        .filter(table -> !takenOver.containsKey(table.oid()))
                        .toList()))
                .filter(group -> !group.tables().isEmpty())
                .toList();
        return plan.withUnchanged(
                groups, takenOver.values().stream().map(Candidate::table).toList());
    }

    /**
     * Compares what was read with what was proved, where all is read: a difference means that the proof is wrong, and from then on
     * nothing is taken over.
     */
    public void compare(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("reuse") Reuse reuse,
            @ExchangeProperty("contents") ArchiveContents contents) {
        run.getEvidence().done("compare-with-earlier");
        reuse.proved().forEach((oid, candidate) -> {
            TableRows read = contents.data(oid).orElse(null);
            if (read != null
                    && (read.rows() != candidate.rows() || !read.rowDigest().equals(candidate.rowDigest()))) {
                reuse.refute(candidate.table());
                run.warn("The rows of " + candidate.table().quoted() + " are different from those in "
                        + reuse.earlier().key()
                        + ", though they seemed proved to be the same. This backup has read all tables; earlier ones that copied "
                        + "unchanged tables may have wrong rows. " + EarlierArchives.STOPPED);
            }
        });
    }
}
