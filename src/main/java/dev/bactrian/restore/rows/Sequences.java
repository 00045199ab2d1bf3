package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.postgres.script.Sql;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.restore.target.SequenceSetter;
import dev.bactrian.restore.target.SequenceSetter.Position;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.ExchangeProperty;

/**
 * Where sequences go on. One that this restore made: where it stood at the time of the backup, or where the one stood that
 * was dropped with its table, if that is further. One that was there: only forward, and not at all when its table's rows
 * couldn't be loaded. Numbers that were given out since the backup may be in other tables.
 */
public final class Sequences {

    /** Bytes of their script; more than it can have. */
    public static final int LARGEST_SCRIPT = 1 << 30;

    /** Sets those that belong to what was restored. */
    public void set(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        setAll(run, target, plan);
        run.getEvidence().done("set-sequences");
    }

    private static void setAll(RestoreRun run, Target target, RestorePlan plan) throws SQLException, IOException {
        RestoreRequest request = run.getRequest();
        if (!plan.backup().reader().has(EntryNames.SEQUENCES) || request.is(RestoreRequest.Option.SCHEMA_ONLY)) {
            return;
        }
        List<SequenceScript.Value> values = values(plan, run);
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                TablesAlone only = TablesAlone.in(connection);
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Setting setting = new Setting(run, target, plan, connection, statement);
            Set<Relation.Named> owned =
                    plan.everything() ? Set.of() : new HashSet<>(ownedBy(connection, plan.sequenceOwners()));
            for (SequenceScript.Value value : values) {
                String into = request.intoSchema();
                if (into == null && Marker.SCHEMA.equals(value.schema())) {
                    run.getReport()
                            .notProven(new NotApplied(
                                    "sequence " + new Relation.Named(value.schema(), value.name()).quoted(),
                                    Marker.REASON,
                                    null));
                    continue;
                }
                Relation.Named sequence = new Relation.Named(into == null ? value.schema() : into, value.name());
                if (plan.everything() || request.schemas().contains(value.schema()) || owned.contains(sequence)) {
                    setting.one(sequence, new Position(value.value(), value.called()));
                }
            }
        }
    }

    private static List<SequenceScript.Value> values(RestorePlan plan, RestoreRun run) throws IOException {
        try {
            byte[] script = CheckedEntry.read(plan.backup(), EntryNames.SEQUENCES, LARGEST_SCRIPT);
            return SequenceScript.parse(new String(script, StandardCharsets.UTF_8));
        } catch (DamagedArchiveException e) {
            run.getReport()
                    .add(new NotApplied(
                            "values of sequences",
                            "The archive is damaged: " + e.getMessage() + ". Those of new tables start at their first "
                                    + "value.",
                            null));
            return List.of();
        }
    }

    /** All sequences of a database but those that belong to columns of these tables. */
    public static Set<Relation.Named> allBut(Connection connection, Collection<Relation.Named> tables)
            throws SQLException {
        Set<Relation.Named> all = new HashSet<>(names(
                connection,
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind = 'S'"));
        ownedBy(connection, tables).forEach(all::remove);
        return all;
    }

    /** Sequences that belong to columns of these tables. */
    public static List<Relation.Named> ownedBy(Connection connection, Collection<Relation.Named> tables)
            throws SQLException {
        return tables.isEmpty()
                ? List.of()
                : names(
                        connection,
                        "SELECT sn.nspname, s.relname FROM (VALUES " + Sql.rows(tables)
                                + ") w (schema, name) JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class t ON"
                                + " t.relnamespace = n.oid AND t.relname = w.name JOIN pg_depend d ON d.refclassid ="
                                + " 'pg_class'::regclass AND d.refobjid = t.oid AND d.deptype IN ('a', 'i') JOIN"
                                + " pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind ="
                                + " 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace");
    }

    private static List<Relation.Named> names(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<Relation.Named> names = new java.util.ArrayList<>();
            while (rows.next()) {
                names.add(new Relation.Named(rows.getString(1), rows.getString(2)));
            }
            return names;
        }
    }

    /** One restore's. */
    private static final class Setting {
        private final RestoreRun run;
        private final Target target;
        private final RestorePlan plan;
        private final SequenceSetter setter;
        private final Set<Relation.Named> untouched;
        private final Map<Relation.Named, Position> dropped;

        Setting(RestoreRun run, Target target, RestorePlan plan, Connection connection, Statement statement)
                throws SQLException {
            this.run = run;
            this.target = target;
            this.plan = plan;
            this.setter = new SequenceSetter(statement);
            Set<String> loaded = run.getReport().getRows().keySet();
            this.untouched = new HashSet<>(ownedBy(
                    connection,
                    plan.tables().stream()
                            .filter(table -> !table.created() && !loaded.contains(table.quoted()))
                            .map(RestorePlan.TableLoad::target)
                            .toList()));
            this.dropped = Marker.positions(connection);
        }

        void one(Relation.Named sequence, Position saved) throws SQLException {
            boolean there = plan.sequencesThere().contains(sequence);
            boolean managed = target.isSupabase() && Platform.managedSchema(sequence.schema());
            if (target.isSupabase() && Platform.leftAlone(sequence.schema(), sequence.name())
                    || there && untouched.contains(sequence)
                    // One that the target's version of the platform lacks is told with its table.
                    || !there && managed
                    || run.leavesOut(sequence)) {
                return;
            }
            try {
                if (there) {
                    advance(sequence, saved);
                    return;
                }
                setter.set(sequence, saved);
                Position before = dropped.get(sequence);
                if (before != null) {
                    advance(sequence, before);
                }
            } catch (SQLException e) {
                report(sequence, saved, e);
            }
        }

        private void advance(Relation.Named sequence, Position to) throws SQLException {
            if (setter.advance(sequence, to) == SequenceSetter.Outcome.CYCLES) {
                run.getReport().note("Sequence " + sequence.quoted() + " is in use and cycles: it stays where it is.");
            }
        }

        private void report(Relation.Named sequence, Position to, SQLException failure) throws SQLException {
            if (FatalErrors.endsAll(failure)) {
                throw failure;
            }
            run.getReport()
                    .add(new NotApplied(
                            "sequence " + sequence.quoted(),
                            FatalErrors.firstLine(failure),
                            "SELECT " + SequenceSetter.setval(sequence, to) + ";"));
        }
    }
}
