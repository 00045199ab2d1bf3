package dev.bactrian.selection;

/**
 * Something left out that something in the backup needs.
 *
 * @param name what is left out: kind and quoted name
 * @param neededBy what needs it: kind and quoted name
 * @param how for example {@code foreign key orders_user}
 */
public record MissingDependency(String name, String neededBy, String how) {

    /** For people. */
    public String text() {
        return name + " (" + how + " of " + neededBy + ")";
    }
}
