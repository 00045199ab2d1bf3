package dev.bactrian.history;

import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the history's tables are. SQL names them without a schema, as people read it; {@link #in} writes the schema in
 * front of them, so that no session needs a {@code search_path} that leads out of {@code pg_catalog}: a function or an
 * operator that somebody else made, in a schema in which anybody may, is never found.
 *
 * @param name letters, digits and underscores
 */
public record HistorySchema(String name) {

    /** Where dashboards of hand-made systems look for {@code backup_history}. */
    public static final HistorySchema PUBLIC = new HistorySchema("public");

    /** Flyway's own table. */
    static final String VERSIONS = "bactrian_schema_history";

    /** What the names of Quartz's tables begin with. */
    static final String QUARTZ = "bactrian_qrtz";

    /** Every name that a table of the history has, or begins with. */
    static final List<String> NAMES =
            List.of("backup_history", "backup_dispatches", "restore_history", "system_settings_kv", QUARTZ, VERSIONS);

    private static final Pattern NAME = Pattern.compile("(?!pg_|information_schema$)[A-Za-z_][A-Za-z0-9_]{0,62}");

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException with a message for people
     */
    public static HistorySchema parse(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Use the name of a schema of its own, of letters, digits and underscores; it"
                            + " can't begin with pg_, nor be information_schema.");
        }
        return new HistorySchema(name);
    }

    /** A relation in it, as SQL takes it. */
    public String of(String relation) {
        return Relation.quote(name) + "." + relation;
    }

    /** The same SQL, in which each of the history's tables has its schema. Names that have one already are left alone. */
    public String in(String sql) {
        return new HistorySql(sql, this).qualified();
    }

    @Override
    public String toString() {
        return name;
    }
}
