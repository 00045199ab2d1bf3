package dev.bactrian.restore.target;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tablespaces of the archive that the target doesn't have: what was in them goes to the database's default one. */
public final class Tablespaces {

    private static final int MOST_NAMED = 20;
    private static final String WHAT = "tablespace ";

    /** The database's own may be used without a right to it. */
    private static final String USABLE =
            """
            SELECT spcname FROM pg_catalog.pg_tablespace WHERE pg_catalog.has_tablespace_privilege(oid, 'CREATE')
                OR oid = (SELECT dattablespace FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())""";

    private static final Pattern SETTING = Pattern.compile("SET default_tablespace = (.*);\n");

    private Tablespaces() {}

    /** Names of those in which this role may make something. */
    public static Set<String> usable(Connection connection) throws SQLException {
        return new HashSet<>(Target.texts(connection, USABLE));
    }

    /** Whether a scratch database's server doesn't have one of them. */
    public static boolean areMissing(RestoreReport report) {
        return report.getNotProven().stream().anyMatch(part -> part.what().startsWith(WHAT));
    }

    /** The entries, without tablespaces that can't be used; which those are is told. */
    public static List<ScriptEntry> fit(
            Connection connection, List<ScriptEntry> wanted, RestoreReport report, boolean scratch)
            throws SQLException {
        Set<String> usable = usable(connection);
        Map<String, List<ScriptEntry>> moved = new TreeMap<>();
        List<ScriptEntry> fitted = new ArrayList<>();
        for (ScriptEntry entry : wanted) {
            Matcher setting = SETTING.matcher(entry.settings());
            String name = setting.find() ? name(setting.group(1)) : "";
            if (name.isEmpty() || usable.contains(name)) {
                fitted.add(entry);
            } else {
                moved.computeIfAbsent(name, any -> new ArrayList<>()).add(entry);
                fitted.add(entry.withSettings(setting.replaceFirst("")));
            }
        }
        moved.forEach((name, entries) -> {
            String where = (scratch ? "The verifying" : "The target's")
                    + " server doesn't have this tablespace, or this role may not use it: "
                    + Units.counted(entries.size(), "object") + (entries.size() == 1 ? " goes" : " go")
                    + " to the default one, " + names(entries) + ".";
            if (scratch) {
                report.notProven(new NotApplied(WHAT + Relation.quote(name), where, null));
            } else {
                report.note("Tablespace " + Relation.quote(name) + ": " + where);
            }
        });
        return fitted;
    }

    private static String names(List<ScriptEntry> entries) {
        return String.join(
                        ", ",
                        entries.stream()
                                .limit(MOST_NAMED)
                                .map(ScriptEntry::what)
                                .toList())
                + (entries.size() > MOST_NAMED ? " and " + (entries.size() - MOST_NAMED) + " more" : "");
    }

    /** As pg_dump prints it: the empty text for the default one, else an identifier. */
    private static String name(String value) {
        String text = EntryText.forDriver(value);
        if ("''".equals(text)) {
            return "";
        }
        return text.startsWith("\"") ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }
}
