package dev.bactrian.postgres.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of one object in what {@code pg_restore --verbose} prints, for example {@code -- TOC entry 215 (class 1259
 * OID 16385)} and below it {@code -- Dependencies: 6 5}.
 *
 * @param id of the entry in the dump
 * @param catalog oid of the system catalog that holds the object, 0 for what has no row of its own there
 * @param dependencies ids of other entries
 */
public record SchemaEntry(int id, long catalog, long oid, List<Integer> dependencies) {

    private static final Pattern HEADER = Pattern.compile("-- TOC entry (\\d+) \\(class (\\d+) OID (\\d+)\\)");
    private static final String DEPENDENCIES = "-- Dependencies:";

    /** The header that this line is, or null. */
    public static @Nullable SchemaEntry parse(String line) {
        if (!line.startsWith("-- TOC entry ")) {
            return null;
        }
        Matcher header = HEADER.matcher(line);
        return header.matches()
                ? new SchemaEntry(
                        Integer.parseInt(header.group(1)),
                        Long.parseLong(header.group(2)),
                        Long.parseLong(header.group(3)),
                        List.of())
                : null;
    }

    /** With the ids that the next line lists, when it is a list of dependencies. */
    public SchemaEntry withDependencies(String line) {
        if (!line.startsWith(DEPENDENCIES)) {
            return this;
        }
        List<Integer> ids = new ArrayList<>();
        for (String id : line.substring(DEPENDENCIES.length()).strip().split(" ", -1)) {
            ids.add(Integer.parseInt(id));
        }
        return new SchemaEntry(this.id, catalog, oid, List.copyOf(ids));
    }
}
