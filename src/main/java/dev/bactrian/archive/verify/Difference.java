package dev.bactrian.archive.verify;

/**
 * Something that isn't what an archive says.
 *
 * @param object for example {@code table "app"."item"} or {@code INDEX app.item_name}
 * @param what the rest of the sentence
 */
public record Difference(String object, String what) {

    public Difference {
        object = Differences.shown(object);
        what = Differences.shown(what);
    }

    /** The whole sentence. */
    public String text() {
        return object + " " + what + ".";
    }
}
