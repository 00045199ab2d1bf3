package dev.bactrian.selection;

import dev.bactrian.selection.Relation.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a backup leaves out of one database, as names that are there.
 *
 * @param schemas left out with all in them
 * @param relations left out though their schemas are in: tables, views, sequences
 * @param withoutData in, but not their rows
 * @param incomplete partitioned tables that are in, of whose rows some aren't
 * @param largeObjects whether large objects are in
 * @param leftOut all of it once more, with the reasons
 * @param missing what is left out and needed all the same
 * @param warnings patterns of settings that match nothing
 */
public record Selection(
        Set<String> schemas,
        Set<Named> relations,
        Set<Named> withoutData,
        Set<Named> incomplete,
        boolean largeObjects,
        List<LeftOut> leftOut,
        List<MissingDependency> missing,
        List<String> warnings) {

    /** The whole database. */
    public static Selection everything() {
        return new Selection(Set.of(), Set.of(), Set.of(), Set.of(), true, List.of(), List.of(), List.of());
    }

    /** The same without the rows or values of these, which can't be had. */
    public Selection without(Set<Named> rows) {
        Set<Named> all = new HashSet<>(withoutData);
        all.addAll(rows);
        return new Selection(schemas, relations, Set.copyOf(all), incomplete, largeObjects, leftOut, missing, warnings);
    }

    /** The same without large objects. */
    public Selection withoutLargeObjects(String why, long present) {
        List<LeftOut> more = new ArrayList<>(leftOut);
        if (present > 0 && largeObjects) {
            more.add(new LeftOut("large objects", "all", why));
        }
        return new Selection(schemas, relations, withoutData, incomplete, false, List.copyOf(more), missing, warnings);
    }

    /** Whether something of the database isn't in. */
    public boolean isPartial() {
        return !leftOut.isEmpty();
    }

    public boolean holdsSchema(String schema) {
        return !schemas.contains(schema);
    }

    /** Whether a table, or what is like one, is in. */
    public boolean holds(String schema, String name) {
        return holdsSchema(schema) && !relations.contains(new Named(schema, name));
    }

    /** Whether it is in with its rows, or its value. */
    public boolean holdsData(String schema, String name) {
        return holds(schema, name) && !withoutData.contains(new Named(schema, name));
    }

    /** Whether rows that a query of this partitioned table gives aren't in. */
    public boolean isIncomplete(String schema, String name) {
        return incomplete.contains(new Named(schema, name)) || withoutData.contains(new Named(schema, name));
    }

    /** What is left out, in a few words; for routes. */
    public String getSummary() {
        if (!isPartial()) {
            return "nothing";
        }
        long rows = leftOut.stream().filter(one -> "data".equals(one.kind())).count();
        long others = leftOut.size() - schemas.size() - rows;
        return schemas.size() + (schemas.size() == 1 ? " schema, " : " schemas, ") + others
                + (others == 1 ? " table or the like" : " tables and the like") + ", the rows of " + rows
                + (missing.isEmpty() ? "" : "; " + missing.size() + " of what is left out is needed by what is saved");
    }

    /** Everything to warn of, in one text; empty when there is nothing. For routes. */
    public String getWarning() {
        return String.join(" ", warnings);
    }
}
