package dev.bactrian.postgres;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings on which the text of rows and definitions depends, and the values that they have in every session of ours
 * and of PostgreSQL's programs, whatever a database, a role or postgresql.conf say: text that is written under one value
 * and read under another becomes something else, often without an error.
 *
 * <p>Settings that a server doesn't know are left out there. Those that only a superuser may change aren't among them.
 */
public final class SessionSettings {

    /** How PostgreSQL's programs come to a value. */
    private enum Programs {
        /** pg_dump sets it itself, or gets it from its environment (pg_dump.c, {@code setup_connection}). */
        THEMSELVES,
        /** pg_dump and pg_dumpall leave it to the server, so they are started with it where it is another there. */
        BY_OPTION,
        /** What they print doesn't depend on it. */
        NO_MATTER
    }

    /**
     * What every session of ours begins with: functions, operators and types are those of the server's own, whatever a
     * database's or a role's own path says, and relations are named with their schema.
     */
    public static final String SAFE_PATH = "SET search_path = pg_catalog, pg_temp";

    /** Reading a table's size waits for what holds it exclusively: not forever. */
    static final String LOCK_TIMEOUT = "SET lock_timeout = '60s'";

    private record Setting(String name, String value, Programs programs) {}

    /** Amounts of money are whole numbers; where the point is in their text depends on this. */
    public static final String MONEY_LOCALE = "C";

    private static final String MONEY = "lc_monetary";

    /** Of every session. */
    private static final List<Setting> ALL = List.of(
            // With off, the server prints each backslash of a definition twice.
            new Setting("standard_conforming_strings", "on", Programs.BY_OPTION),
            new Setting("quote_all_identifiers", "off", Programs.BY_OPTION),
            new Setting("bytea_output", "hex", Programs.BY_OPTION),
            // There is no server without it.
            new Setting(MONEY, MONEY_LOCALE, Programs.BY_OPTION),
            new Setting("DateStyle", "ISO", Programs.THEMSELVES),
            new Setting("IntervalStyle", "postgres", Programs.THEMSELVES),
            new Setting("TimeZone", "UTC", Programs.THEMSELVES),
            new Setting("extra_float_digits", "3", Programs.THEMSELVES),
            new Setting("row_security", "off", Programs.THEMSELVES),
            new Setting("synchronize_seqscans", "off", Programs.THEMSELVES),
            new Setting("statement_timeout", "0", Programs.THEMSELVES),
            new Setting("lock_timeout", "0", Programs.THEMSELVES),
            new Setting("idle_in_transaction_session_timeout", "0", Programs.THEMSELVES),
            new Setting("transaction_timeout", "0", Programs.THEMSELVES),
            new Setting("idle_session_timeout", "0", Programs.NO_MATTER),
            // With off, a NULL in an array is read as the text NULL.
            new Setting("array_nulls", "on", Programs.NO_MATTER),
            new Setting("xmloption", "content", Programs.NO_MATTER),
            new Setting("xmlbinary", "base64", Programs.NO_MATTER),
            new Setting("transform_null_equals", "off", Programs.NO_MATTER),
            new Setting("backslash_quote", "safe_encoding", Programs.NO_MATTER),
            new Setting("default_transaction_isolation", "read committed", Programs.NO_MATTER),
            new Setting("default_transaction_deferrable", "off", Programs.NO_MATTER));

    /** Of sessions that restore, on top of those. */
    private static final List<Setting> RESTORING = List.of(
            new Setting("check_function_bodies", "off", Programs.NO_MATTER),
            new Setting("client_min_messages", "warning", Programs.NO_MATTER),
            new Setting("default_tablespace", "", Programs.NO_MATTER),
            new Setting("default_table_access_method", "heap", Programs.NO_MATTER),
            // The memberships that a role has come from the archive.
            new Setting("createrole_self_grant", "", Programs.NO_MATTER),
            // The last commit of a restore waits for the disk, and the log is written in order: all of it is there
            // then.
            new Setting("synchronous_commit", "off", Programs.NO_MATTER));

    /**
     * Of sessions that keep the history, which work in a database or as a role that have other defaults: a path that hides
     * the tables, transactions that take no writes, limits of time for the statements of an application.
     */
    private static final List<Setting> HISTORY = List.of(
            new Setting("default_transaction_read_only", "off", Programs.NO_MATTER),
            new Setting("default_transaction_isolation", "read committed", Programs.NO_MATTER),
            new Setting("default_transaction_deferrable", "off", Programs.NO_MATTER),
            new Setting("statement_timeout", "0", Programs.NO_MATTER),
            new Setting("lock_timeout", "0", Programs.NO_MATTER),
            new Setting("idle_in_transaction_session_timeout", "0", Programs.NO_MATTER),
            new Setting("transaction_timeout", "0", Programs.NO_MATTER),
            new Setting("idle_session_timeout", "0", Programs.NO_MATTER),
            new Setting("standard_conforming_strings", "on", Programs.NO_MATTER),
            new Setting("transform_null_equals", "off", Programs.NO_MATTER),
            new Setting("array_nulls", "on", Programs.NO_MATTER),
            new Setting("row_security", "on", Programs.NO_MATTER),
            new Setting("bytea_output", "hex", Programs.NO_MATTER),
            new Setting("DateStyle", "ISO", Programs.NO_MATTER),
            new Setting("IntervalStyle", "postgres", Programs.NO_MATTER),
            new Setting("check_function_bodies", "on", Programs.NO_MATTER),
            new Setting("default_tablespace", "", Programs.NO_MATTER),
            new Setting("default_table_access_method", "heap", Programs.NO_MATTER));

    private SessionSettings() {}

    /** Statements that bring a session of the history to its values; its search path then is pg_catalog alone. */
    public static String ofHistory() {
        return SAFE_PATH + "; " + statements(HISTORY);
    }

    /** Statements that bring any session to these values; its search path then is pg_catalog alone. */
    public static String ofSession() {
        return SAFE_PATH + "; " + statements(ALL);
    }

    /**
     * Statements that bring a session that restores to these values; its search path then is empty.
     *
     * @param money whether amounts of money were saved under the value that they have here; else they are read as the
     *     target reads them
     */
    public static String ofRestore(boolean money) {
        return "SET search_path = ''; "
                + statements(Stream.concat(ALL.stream(), RESTORING.stream())
                        .filter(setting -> money || !MONEY.equals(setting.name()))
                        .toList());
    }

    /**
     * They come after a path: no operator of another schema must be found in them. The planner's switches are as the server has
     * them built in: queries of catalogs that take a moment take minutes where a database or a role has some of them off.
     */
    private static String statements(List<Setting> settings) {
        return "SELECT pg_catalog.set_config(s.name, COALESCE(w.value, s.boot_val), false)"
                + " FROM pg_catalog.pg_settings s LEFT JOIN (VALUES "
                + settings.stream()
                        .map(setting ->
                                "(" + Relation.literal(setting.name()) + ", " + Relation.literal(setting.value()) + ")")
                        .collect(Collectors.joining(", "))
                + ") w (name, value) ON w.name = s.name"
                + " WHERE w.name IS NOT NULL OR s.setting <> s.boot_val AND pg_catalog.left(s.name, 7) = 'enable_'";
    }

    /** Makes a session of ours what {@link #ofSession} says. */
    public static void use(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ofSession());
        }
    }

    /**
     * How a script for psql begins that holds rows or definitions, so that they come back as the same ones wherever it is
     * run: a line for each setting that decides how it is read.
     */
    public static String scriptHeader(String clientEncoding) {
        return "SET client_encoding = " + Relation.literal(clientEncoding) + ";\n"
                + Stream.of("standard_conforming_strings", "array_nulls", "xmloption", MONEY, "statement_timeout")
                        .map(SessionSettings::line)
                        .collect(Collectors.joining())
                + "SELECT pg_catalog.set_config('search_path', '', false);\n";
    }

    private static String line(String name) {
        String value = ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .map(Setting::value)
                .findFirst()
                .orElseThrow();
        return "SET " + name + " = " + (value.matches("[a-z]+|\\d+") ? value : Relation.literal(value)) + ";\n";
    }

    /**
     * Settings by which a server leaves out the rows of damaged pages, or takes damaged ones for good ones, without an
     * error. Only a superuser may change them.
     *
     * @return the names of those that are on
     */
    public static List<String> hidingDamage(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT n.name FROM pg_catalog.pg_settings n WHERE n.setting = 'on'"
                                + " AND n.name IN ('zero_damaged_pages', 'ignore_checksum_failure') ORDER BY n.name DESC")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    /** A setting that has another value in a database, for one of its roles. */
    public record Deviation(String name, String value, String wanted) {}

    /**
     * The settings by which PostgreSQL's programs would print another text there, with the values that they must have.
     *
     * @param fresh a connection on which nothing has been set
     */
    public static List<Deviation> deviations(Connection fresh) throws SQLException {
        List<Setting> decisive = ALL.stream()
                .filter(setting -> setting.programs() == Programs.BY_OPTION)
                .toList();
        String query = decisive.stream()
                .map(setting -> "pg_catalog.current_setting(" + Relation.literal(setting.name()) + ")")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        List<Deviation> found = new ArrayList<>();
        try (Statement statement = fresh.createStatement();
                ResultSet values = statement.executeQuery(query)) {
            values.next();
            for (int i = 0; i < decisive.size(); i++) {
                Setting setting = decisive.get(i);
                String value = values.getString(i + 1);
                if (!setting.value().equals(value) && !(MONEY.equals(setting.name()) && MoneyText.isUsual(fresh))) {
                    found.add(new Deviation(setting.name(), value, setting.value()));
                }
            }
        }
        return List.copyOf(found);
    }
}
