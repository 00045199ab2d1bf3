package dev.bactrian.selection;

import java.util.ArrayList;
import java.util.List;

/** What the settings say of one database: the rules that every backup of it obeys. */
public record Filters(List<Rule> rules) {

    public Filters {
        rules = List.copyOf(rules);
    }

    /** Everything. */
    public static Filters none() {
        return new Filters(List.of());
    }

    /** These rules, and then those of a request. */
    public List<Rule> with(Wishes wishes) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(wishes.rules());
        return List.copyOf(all);
    }
}
