package dev.bactrian.restore.definitions;

import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.restore.ddl.SchemaRename;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes one object of the dump on the target. What the target refuses is reported, and doesn't stop the others. */
final class EntryExecutor {

    /** Their statements may hold passwords. */
    private static final Set<String> SECRET = Set.of("USER MAPPING", "SUBSCRIPTION", "SERVER");

    /** A Supabase project's webhooks: keys often stand in their headers. */
    private static final String WEBHOOK = "supabase_functions.http_request(";

    private static final String NO_WEBHOOKS =
            ". If the project has no webhooks yet, enable them in its dashboard; then run the trigger's statement, "
                    + "which is in the table's schema.sql.";

    private static final int MOST_SQL = 4_000;
    private static final String UNDEFINED_OBJECT = "42704";
    private static final String DENIED = "42501";
    /** Only a warning, to whom may use an object but not pass that on. */
    private static final String NOT_GRANTED = "01007";

    private static final Pattern ROLE = Pattern.compile("(?s)role \"(.*)\" does not exist.*");

    private final RestoreRun run;
    private final RestorePlan plan;

    EntryExecutor(RestoreRun run, RestorePlan plan) {
        this.run = run;
        this.plan = plan;
    }

    /**
     * Makes it.
     *
     * @throws SQLException when the connection is lost
     */
    void apply(ScriptEntry entry, Connection connection) throws IOException, SQLException {
        String raw = plan.definitions().text(entry);
        SchemaRename rename = plan.rename();
        EntryText text = EntryText.of(entry, rename == null ? raw : rename.apply(raw));
        boolean made = text.definition().isBlank()
                || execute(entry, entry.settings() + text.definition() + reset(entry), true, connection);
        String owner = text.owner();
        if (made && owner != null && !run.getRequest().is(Option.NO_OWNER)) {
            execute(entry, owner, false, connection);
        }
        for (String grant : text.grants()) {
            execute(entry, grant, false, connection);
        }
        if (made) {
            run.getReport().defined(1);
        }
        run.getEvidence().undone(RestoreEvidence.COMPARED);
        run.getEvidence().done(RestoreEvidence.made(entry));
    }

    private static String reset(ScriptEntry entry) {
        return entry.settings().isEmpty()
                ? ""
                : "\nSET default_tablespace = ''; SET default_table_access_method = heap;";
    }

    private boolean execute(ScriptEntry entry, String statements, boolean makes, Connection connection)
            throws SQLException {
        if (run.isStopped()) {
            throw new SQLException("The restore was stopped");
        }
        String sql = EntryText.forDriver(statements);
        try (Statement statement = connection.createStatement()) {
            // Braces are no JDBC escapes in here.
            statement.setEscapeProcessing(false);
            String taken = RawText.statements(statements, connection);
            Attempt.run(connection, run.getReport(), () -> {
                if (makes) {
                    new EntryRounds(run, plan).make(entry, taken, statement);
                } else {
                    statement.execute(taken);
                }
            });
            SQLWarning warning = statement.getWarnings();
            if (warning != null && NOT_GRANTED.equals(warning.getSQLState())) {
                report(entry, sql, warning, connection);
            }
            return true;
        } catch (SQLException e) {
            report(entry, sql, e, connection);
            return false;
        }
    }

    private void report(ScriptEntry entry, String sql, SQLException failure, Connection connection)
            throws SQLException {
        if (FatalErrors.endsAll(failure)) {
            throw failure;
        }
        String state = failure.getSQLState();
        String message = FatalErrors.firstLine(failure);
        Matcher role = ROLE.matcher(message);
        if (UNDEFINED_OBJECT.equals(state) && role.find() && (entry.isGrant() || sql.contains(" OWNER TO "))) {
            run.getReport().roleIsMissing(role.group(1));
            return;
        }
        if (SchemaGrant.isHeld(entry, sql, connection)) {
            return;
        }
        if ("EVENT TRIGGER".equals(entry.type()) && DENIED.equals(state) && sql.contains(" OWNER TO ")) {
            // Supabase's role postgres may own one there, and nowhere else: PostgreSQL wants a superuser.
            run.getReport()
                    .note(entry.what() + " belongs to the role that restored it, because its owner isn't a superuser "
                            + "on the target.");
            return;
        }
        boolean webhook = sql.contains(WEBHOOK);
        boolean secret = SECRET.contains(entry.type()) || webhook;
        run.getReport()
                .add(new NotApplied(
                        entry.what(),
                        webhook ? message + NO_WEBHOOKS : message,
                        secret
                                ? null
                                : sql.strip().length() > MOST_SQL
                                        ? sql.strip().substring(0, MOST_SQL) + "…"
                                        : sql.strip()));
    }
}
