package dev.bactrian.dump.instant;

import dev.bactrian.testing.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives a database another value for every setting that any client could make, as the server lists them: switches are
 * turned, of several words the last one is taken, and texts and numbers that PostgreSQL's output or input depends on are
 * chosen. What is left out is left out for a reason.
 */
final class OddSettings {

    private static final Set<String> LEFT_OUT = Set.of(
            // They belong to a transaction, and a database can't have one.
            "transaction_deferrable",
            "transaction_isolation",
            "transaction_read_only",
            // Any error ends the session, so that nothing can be tried.
            "exit_on_error",
            // A database in which nobody may write, by its owner's will: a restore into it fails, and says so.
            "default_transaction_read_only",
            // No query may plan: with all kinds of plans off, it is as slow as they are dear.
            "jit");

    /** They fill the server's log, and nothing else. */
    private static final String NOISE = "^(log_|debug_|trace_|track_|force_parallel|update_process)";

    private static final Map<String, String> CHOSEN = Map.ofEntries(
            Map.entry("client_min_messages", "error"),
            Map.entry("IntervalStyle", "sql_standard"),
            Map.entry("DateStyle", "SQL, DMY"),
            Map.entry("TimeZone", "Asia/Kolkata"),
            Map.entry("timezone_abbreviations", "India"),
            Map.entry("client_encoding", "LATIN1"),
            Map.entry("default_text_search_config", "pg_catalog.simple"),
            Map.entry("search_path", "kinds, public, pg_catalog"),
            Map.entry("createrole_self_grant", "set, inherit"),
            Map.entry("extra_float_digits", "-10"),
            Map.entry("statement_timeout", "20s"),
            Map.entry("lock_timeout", "20s"),
            Map.entry("idle_in_transaction_session_timeout", "1s"),
            Map.entry("idle_session_timeout", "20s"),
            Map.entry("transaction_timeout", "20s"));

    private static final String SETTINGS =
            """
            SELECT name, CASE vartype
                     WHEN 'bool' THEN CASE setting WHEN 'on' THEN 'off' ELSE 'on' END
                     WHEN 'enum' THEN enumvals[array_upper(array_remove(enumvals, setting), 1)] END AS other,
                   CASE vartype WHEN 'enum' THEN array_to_string(array_remove(enumvals, setting), ',') ELSE '' END AS words
              FROM pg_settings WHERE context IN ('user', 'superuser') ORDER BY name""";

    private OddSettings() {}

    /** Gives them to sessions that begin from now on, and returns the statements. */
    static List<String> give(TestDatabase database) {
        List<String> statements = new ArrayList<>();
        for (Map<String, Object> row : database.jdbc().queryForList(SETTINGS)) {
            String name = row.get("name").toString();
            String words = row.get("words").toString();
            Object other = words.isEmpty() ? row.get("other") : words.substring(words.lastIndexOf(',') + 1);
            String value = CHOSEN.getOrDefault(name, other == null ? null : other.toString());
            if (value != null && !LEFT_OUT.contains(name) && !name.matches(NOISE + ".*")) {
                statements.add("ALTER DATABASE " + database.name() + " SET " + name + " = "
                        + (name.equals("search_path")
                                        || name.equals("createrole_self_grant")
                                        || name.equals("DateStyle")
                                ? value
                                : "'" + value + "'"));
            }
        }
        database.run(statements.toArray(String[]::new));
        return statements;
    }

    static void takeBack(TestDatabase database) {
        new TestDatabase(database.port(), "postgres").run("ALTER DATABASE " + database.name() + " RESET ALL");
    }
}
