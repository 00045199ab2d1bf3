package dev.bactrian.restore;

import dev.bactrian.support.Printable;
import java.util.List;

/**
 * What a restore brings, all of one kind, that acts by itself or on other systems once the target is used. Never what an
 * object says: keys and passwords often stand in webhooks and mappings.
 *
 * @param kind for people, for example {@code event trigger}
 * @param meaning what it does, or what was done about it, as the rest of a sentence
 * @param count how many there are
 * @param names of the first of them
 */
public record ReachesOut(String kind, String meaning, long count, List<String> names) {

    static final int MOST_NAMED = 20;

    public ReachesOut {
        names = names.stream().map(Printable::line).limit(MOST_NAMED).toList();
    }
}
