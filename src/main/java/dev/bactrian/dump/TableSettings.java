package dev.bactrian.dump;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings that pg_restore prints only when they change, in the text of whatever came before: each table's script gets
 * its own.
 */
final class TableSettings {

    private static final Map<String, String> USUAL = Map.of(
            "SET default_tablespace = ", "SET default_tablespace = '';",
            "SET default_table_access_method = ", "SET default_table_access_method = heap;");

    private final Map<String, String> now = new TreeMap<>(USUAL);
    private final Map<Long, Map<String, String>> inScripts = new HashMap<>();

    /** Whether this line is such a setting. */
    boolean notice(String line) {
        if (line.startsWith("SET default_")) {
            for (String setting : USUAL.keySet()) {
                if (line.startsWith(setting)) {
                    now.put(setting, line);
                    return true;
                }
            }
        }
        return false;
    }

    /** What a table's script must set before its next object, one line each. */
    List<String> changedFor(long table) {
        Map<String, String> set = inScripts.getOrDefault(table, USUAL);
        if (set.equals(now)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        now.forEach((setting, line) -> {
            if (!line.equals(set.get(setting))) {
                lines.add(line);
            }
        });
        inScripts.put(table, Map.copyOf(now));
        return lines;
    }
}
