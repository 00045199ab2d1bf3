package dev.bactrian.restore;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the verifying server's scratch database can't have: extensions that the server doesn't have or doesn't load, and
 * pg_cron, which works in one database of a server alone. Each is tried beforehand. They are left out with all that needs
 * them, and listed as not proven: that says nothing against the backup.
 */
public final class ScratchLimits {

    private static final Pattern SCHEMA = Pattern.compile(" WITH SCHEMA (.*);\\s*$", Pattern.DOTALL);

    private final Definitions definitions;
    private final RestoreReport report;
    /** Why each extension can't be there. */
    private final Map<String, String> extensions = new LinkedHashMap<>();

    private final Set<Integer> out = new HashSet<>();

    private ScratchLimits(Definitions definitions, RestoreReport report) {
        this.definitions = definitions;
        this.report = report;
    }

    /** Those of a target that is no scratch database: none. */
    public static ScratchLimits none(Definitions definitions, RestoreReport report) {
        return new ScratchLimits(definitions, report);
    }

    /** Tries each extension, and leaves nothing behind. */
    public static ScratchLimits find(
            Target target, List<ScriptEntry> wanted, Definitions definitions, RestoreReport report)
            throws SQLException, IOException {
        ScratchLimits limits = new ScratchLimits(definitions, report);
        for (ScriptEntry entry : wanted) {
            if (!"EXTENSION".equals(entry.type())) {
                continue;
            }
            String text = EntryText.forDriver(definitions.text(entry));
            Matcher schema = SCHEMA.matcher(text);
            try (Connection connection = target.connection()) {
                limits.tryOne(entry.tag(), schema.find() ? schema.group(1) : null, connection);
            }
        }
        return limits;
    }

    private void tryOne(String name, @Nullable String schema, Connection connection) throws SQLException {
        String extension = Relation.quote(name);
        connection.setAutoCommit(false);
        try {
            Target.execute(
                    connection,
                    schema == null
                            ? "CREATE EXTENSION IF NOT EXISTS " + extension + " CASCADE"
                            : "CREATE SCHEMA IF NOT EXISTS " + schema + "; CREATE EXTENSION IF NOT EXISTS " + extension
                                    + " WITH SCHEMA " + schema + " CASCADE");
        } catch (SQLException e) {
            // Some end the session, when their library isn't loaded with the server.
            extensions.put(name, FatalErrors.firstLine(e));
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Without them, and what needs them. */
    public List<ScriptEntry> leaveOut(List<ScriptEntry> wanted) {
        if (extensions.isEmpty()) {
            return wanted;
        }
        List<ScriptEntry> left = new ArrayList<>();
        for (ScriptEntry entry : wanted) {
            String why = why(entry);
            if (why == null) {
                left.add(entry);
            } else {
                out.add(entry.id());
                report.notProven(new NotApplied(entry.what(), why, null));
            }
        }
        return left;
    }

    private @org.jspecify.annotations.Nullable String why(ScriptEntry entry) {
        if ("EXTENSION".equals(entry.type())) {
            String refused = extensions.get(entry.tag());
            return refused == null ? null : "The scratch database can't have it: " + refused + ".";
        }
        if (entry.dependencies().stream().anyMatch(out::contains)) {
            return needs();
        }
        // What an extension makes has no entry of its own that a grant could depend on.
        boolean onPart = entry.isGrant()
                && !"DEFAULT ACL".equals(entry.type())
                && entry.dependencies().stream().allMatch(id -> definitions.get(id) == null)
                && !"SCHEMA public".equals(entry.tag());
        return onPart ? "It belongs to a part of an extension. " + needs() : null;
    }

    private String needs() {
        return "It needs " + String.join(" or ", extensions.keySet()) + ", which the scratch database can't have.";
    }

    /** Whether a table isn't there for its rows. */
    public boolean leavesOut(Manifest.TablePart table) {
        if (table.extension() != null) {
            return extensions.containsKey(table.extension());
        }
        ScriptEntry entry = definitions.tables().get(Definitions.inHeaders(table.schema(), table.name()));
        return entry != null && out.contains(entry.id());
    }

    /** Whether a sequence isn't there; then that is told, too. */
    public boolean leavesOut(Relation.Named sequence) {
        if (extensions.isEmpty()) {
            return false;
        }
        Relation.Named name = Definitions.inHeaders(sequence.schema(), sequence.name());
        List<ScriptEntry> entries = definitions.all().stream()
                .filter(entry -> "SEQUENCE".equals(entry.type())
                        && entry.schema().equals(name.schema())
                        && entry.tag().equals(name.name()))
                .toList();
        boolean there = !entries.isEmpty() && entries.stream().noneMatch(entry -> out.contains(entry.id()));
        if (!there) {
            report.notProven(new NotApplied("sequence " + sequence.quoted(), needs(), null));
        }
        return !there;
    }
}
