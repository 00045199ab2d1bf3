package dev.bactrian.restore;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** What makes loaded rows a database that works: values of sequences, materialized views, statistics. */
public final class Aftercare {

    private static final Pattern QUALIFIED = Pattern.compile("\"(?:[^\"]|\"\")+\"\\.\"(?:[^\"]|\"\")+\"");

    private static final int LARGEST_SCRIPT = 1 << 30;

    /** Sets the sequences that belong to what was restored. */
    public void sequences(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        RestoreRequest request = run.getRequest();
        if (!plan.backup().reader().has(EntryNames.SEQUENCES) || request.is(RestoreRequest.Option.SCHEMA_ONLY)) {
            return;
        }
        List<SequenceScript.Value> values = values(plan, run);
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Set<Relation.Named> owned = owned(connection, plan);
            for (SequenceScript.Value value : values) {
                String into = request.intoSchema();
                Relation.Named sequence = new Relation.Named(into == null ? value.schema() : into, value.name());
                if (plan.everything() || request.schemas().contains(value.schema()) || owned.contains(sequence)) {
                    set(sequence, value, statement, run, target);
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
                            "The archive is damaged: " + e.getMessage() + ". Those of new tables begin at their start.",
                            null));
            return List.of();
        }
    }

    private static void set(
            Relation.Named sequence, SequenceScript.Value value, Statement statement, RestoreRun run, Target target)
            throws SQLException {
        if (target.isSupabase() && Platform.leftAlone(sequence.schema(), sequence.name())
                || ScratchLimits.leaveOut(sequence, run.getReport())) {
            return;
        }
        String name = Relation.literal(sequence.quoted());
        // One that the target's version of the platform lacks is told with its table: null, and so nothing is set.
        boolean managed = target.isSupabase() && Platform.managedSchema(sequence.schema());
        String sql = "SELECT pg_catalog.setval(" + (managed ? "pg_catalog.to_regclass(" + name + ")" : name) + ", "
                + value.value() + ", " + value.called() + ")";
        tryOne("sequence " + sequence.quoted(), sql, statement, run);
    }

    private static void tryOne(String what, String sql, Statement statement, RestoreRun run) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            if (Failures.endsAll(e)) {
                throw e;
            }
            run.getReport().add(new NotApplied(what, Failures.firstLine(e), sql + ";"));
        }
    }

    /** Sequences that belong to columns of the restored tables. */
    private static Set<Relation.Named> owned(Connection connection, RestorePlan plan) throws SQLException {
        Set<Relation.Named> names = new HashSet<>();
        List<Relation.Named> tables = plan.sequenceOwners();
        if (plan.everything() || tables.isEmpty()) {
            return names;
        }
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT sn.nspname, s.relname FROM (VALUES " + Sql.rows(tables)
                        + ") w (schema, name) JOIN pg_namespace n ON n.nspname = w.schema"
                        + " JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = w.name"
                        + " JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.deptype IN ('a', 'i')"
                        + " JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'"
                        + " JOIN pg_namespace sn ON sn.oid = s.relnamespace")) {
            while (rows.next()) {
                names.add(new Relation.Named(rows.getString(1), rows.getString(2)));
            }
        }
        return names;
    }

    /** Makes a materialized view's rows anew. */
    public void refresh(
            @Body String view, @ExchangeProperty("run") RestoreRun run, @ExchangeProperty("target") Target target)
            throws SQLException {
        if (!QUALIFIED.matcher(view).matches()) {
            run.getReport()
                    .add(new NotApplied("materialized view", "The manifest names one in an unknown form.", null));
            return;
        }
        String into = run.getRequest().intoSchema();
        String name = into == null ? view : Relation.quote(into) + view.replaceFirst("(?s)^\"(?:[^\"]|\"\")+\"", "");
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            tryOne("rows of materialized view " + name, "REFRESH MATERIALIZED VIEW " + name, statement, run);
        }
    }

    /** Tells the planner about a table. */
    public void analyze(
            @Body RestorePlan.TableLoad table,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target)
            throws SQLException {
        if (table.part().extension() != null) {
            // Perhaps another release of the extension doesn't have it.
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            tryOne("statistics of " + table.quoted(), "ANALYZE " + table.quoted(), statement, run);
        }
    }
}
