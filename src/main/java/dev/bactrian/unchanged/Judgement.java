package dev.bactrian.unchanged;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tables may be unchanged, before their rows are looked at.
 *
 * @param candidates oids of those whose definitions are the same: {@link NewerRows} decides
 * @param others why each of the others is read again, by oid
 * @param all why all are read again; null where that isn't so, and then it isn't repeated for each
 */
public record Judgement(Set<Long> candidates, Map<Long, String> others, @Nullable String all) {

    public Judgement {
        candidates = Set.copyOf(candidates);
        others = Map.copyOf(others);
    }

    static Judgement ofAll(String reason) {
        return new Judgement(Set.of(), Map.of(), reason);
    }
}
