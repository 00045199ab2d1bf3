package dev.bactrian.restore.target;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Event triggers that the target has before a restore: every Supabase project has the platform's, no matter which role owned
 * them in the saved one. No two can have one name.
 */
public final class TargetEventTriggers {

    /** As pg_dump writes them (dumpEventTrigger of pg_dump.c), but for white space. */
    private static final String DEFINED =
            """
            SELECT evtname, 'CREATE EVENT TRIGGER ' || quote_ident(evtname) || ' ON ' || quote_ident(evtevent)
                   || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY number)
                                                      FROM unnest(evttags) WITH ORDINALITY AS t (tag, number)) || ')', '')
                   || ' EXECUTE FUNCTION ' || evtfoid::regproc || '();'
                   || CASE evtenabled WHEN 'D' THEN ' ALTER EVENT TRIGGER ' || quote_ident(evtname) || ' DISABLE;'
                                      WHEN 'A' THEN ' ALTER EVENT TRIGGER ' || quote_ident(evtname) || ' ENABLE ALWAYS;'
                                      WHEN 'R' THEN ' ALTER EVENT TRIGGER ' || quote_ident(evtname) || ' ENABLE REPLICA;'
                                      ELSE '' END
              FROM pg_event_trigger""";

    private final Map<String, String> there;
    private final Definitions definitions;
    private final RestoreReport report;

    private TargetEventTriggers(Map<String, String> there, Definitions definitions, RestoreReport report) {
        this.there = there;
        this.definitions = definitions;
        this.report = report;
    }

    public static TargetEventTriggers read(Connection connection, Definitions definitions, RestoreReport report)
            throws SQLException {
        Map<String, String> there = new HashMap<>();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(DEFINED)) {
            while (rows.next()) {
                there.put(rows.getString(1), plain(rows.getString(2)));
            }
        }
        return new TargetEventTriggers(there, definitions, report);
    }

    /** Whether the target has one of the name, which stays; one that does something else is reported. */
    public boolean has(ScriptEntry entry) {
        String defined = there.get(entry.tag());
        if (defined == null) {
            return false;
        }
        String saved = text(entry);
        if (!plain(saved).equals(defined)) {
            report.add(new NotApplied(
                    entry.what(),
                    "The target has one of this name with a different definition, which stays as it is.",
                    saved.strip()));
        }
        return true;
    }

    /** Whether its function is in a schema that the platform manages and doesn't leave to restores. */
    public boolean isThePlatforms(ScriptEntry entry) {
        return entry.isEventTrigger()
                && entry.dependencies().stream()
                        .map(definitions::get)
                        .anyMatch(other -> other != null && Platform.managedSchema(other.schema()));
    }

    private String text(ScriptEntry entry) {
        try {
            String bytes = EntryText.of(entry, definitions.text(entry)).definition();
            return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String plain(String sql) {
        return sql.replaceAll("\\s+", " ").strip();
    }
}
