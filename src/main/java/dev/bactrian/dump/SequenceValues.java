package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.Sequence;
import dev.bactrian.dump.plan.SequenceReader;
import dev.bactrian.dump.plan.SequenceState;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.FreshSession;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import dev.bactrian.support.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The values of the sequences: sequences ignore snapshots, so they are read right after the backup's instant, when none can
 * be behind the rows that are saved, and at its end once more. The further value counts; the first one where a sequence has
 * been altered, restarted or dropped since, and where it cycles, so that no value is the furthest.
 */
public final class SequenceValues {

    /**
     * Reads where they stand at the beginning, by oid.
     *
     * @throws ProblemException when one was restarted, altered or dropped since the instant: then its value is lost
     */
    public Map<Long, SequenceState> first(
            @ExchangeProperty("run") DatabaseRun run,
            @ExchangeProperty("selection") @Nullable Selection selection,
            @Header("sequences") List<Map<String, Object>> rows)
            throws SQLException {
        List<Sequence> sequences = Sequence.saved(rows, selection == null ? Selection.everything() : selection);
        Map<Long, SequenceState> states = read(run, sequences);
        for (Sequence sequence : sequences) {
            SequenceState state = states.get(sequence.oid());
            if (state == null) {
                throw lost(sequence, "dropped (DROP SEQUENCE, or with its table or column)");
            }
            if (state.file() != sequence.file()) {
                throw lost(sequence, "restarted or altered (ALTER SEQUENCE, or TRUNCATE … RESTART IDENTITY)");
            }
        }
        run.getEvidence().done("read-sequences");
        return states;
    }

    private static ProblemException lost(Sequence sequence, String how) {
        return ProblemException.stopped(
                "Sequence " + sequence.name().quoted() + " was " + how
                        + " at the moment the backup began, so its value at that moment is lost.",
                "Start the backup again.");
    }

    /** The script that sets every sequence: one {@code setval} each. */
    public String script(
            @ExchangeProperty("run") DatabaseRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("firstValues") Map<Long, SequenceState> first)
            throws SQLException {
        Map<Long, SequenceState> second = read(run, plan.sequences());
        StringBuilder script = new StringBuilder("SET standard_conforming_strings = on;\n"
                + "SELECT pg_catalog.set_config('search_path', '', false);\n\n");
        for (Sequence sequence : plan.sequences()) {
            SequenceState begun = first.get(sequence.oid());
            if (begun == null) {
                throw new IllegalStateException("Sequence " + sequence.name().quoted() + " was never read");
            }
            SequenceState state = saved(sequence, begun, second.get(sequence.oid()));
            script.append("SELECT pg_catalog.setval(")
                    .append(Relation.literal(sequence.name().quoted()))
                    .append(", ")
                    .append(state.last())
                    .append(", ")
                    .append(state.called())
                    .append(");\n");
        }
        run.getEvidence().text(EntryNames.SEQUENCES, Sha256.of(script.toString()));
        return script.toString();
    }

    /**
     * For dumps of whole schemas, in which pg_dump has read them by their names, some time after the instant.
     *
     * @throws ProblemException when one was renamed, dropped, altered, restarted or set back since
     */
    public void refuseChanged(
            @ExchangeProperty("run") DatabaseRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("firstValues") Map<Long, SequenceState> first)
            throws SQLException {
        Map<Long, SequenceState> now = read(run, plan.sequences());
        for (Sequence sequence : plan.sequences()) {
            SequenceState begun = first.get(sequence.oid());
            SequenceState state = now.get(sequence.oid());
            boolean steady = begun != null
                    && state != null
                    && state.file() == sequence.file()
                    && state.name().equals(sequence.name())
                    && (sequence.cycles() || !state.isBehind(begun, sequence.increment()));
            if (!steady) {
                throw ProblemException.stopped(
                        "Sequence " + sequence.name().quoted()
                                + " was renamed, dropped, altered, restarted or set back while the dumps for "
                                + "BACKUP_FORMATS were made. In these dumps it would return values that rows already "
                                + "have.",
                        "Start the backup again when nothing changes sequences; or remove dump and sql from "
                                + "BACKUP_FORMATS: the other files have the values of the snapshot.");
            }
        }
        run.getEvidence().done("refuse-changed-sequences");
    }

    /**
     * The state to save.
     *
     * @param second at the end; null when the sequence is gone
     */
    static SequenceState saved(Sequence sequence, SequenceState first, @Nullable SequenceState second) {
        return second == null || second.file() != sequence.file() || sequence.cycles()
                ? first
                : first.further(second, sequence.increment());
    }

    private static Map<Long, SequenceState> read(DatabaseRun run, List<Sequence> sequences) throws SQLException {
        if (sequences.isEmpty()) {
            return Map.of();
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = FreshSession.open(run);
                StoppableConnection stoppable = StoppableConnection.of(run, connection)) {
            return new SequenceReader(connection).read(sequences);
        }
    }
}
