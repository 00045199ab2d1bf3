package dev.bactrian.selection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of one database: the rules that every backup of it obeys.
 *
 * @param withoutLargeObjects the setting that leaves large objects out, with its value; null where they are in
 */
public record Filters(List<Rule> rules, @Nullable String withoutLargeObjects) {

    public Filters {
        rules = List.copyOf(rules);
    }

    /** Everything. */
    public static Filters none() {
        return new Filters(List.of(), null);
    }

    /** These rules, and then those of a request. */
    public List<Rule> with(SelectionRequest request) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(request.rules());
        return List.copyOf(all);
    }
}
