package dev.bactrian.selection;

/**
 * Something of the database that the backup doesn't hold because a selection leaves it out.
 *
 * @param kind {@code schema} with all in it; {@code table}, {@code view}, {@code materialized view} or {@code sequence};
 *     {@code data} for the rows of a table whose definition is there; {@code large objects}
 * @param name quoted, and qualified where it lies in a schema
 * @param why the setting or the request's field, and the pattern
 */
public record LeftOut(String kind, String name, String why) {

    /** For people. */
    public String text() {
        return kind + " " + name + " (" + why + ")";
    }
}
