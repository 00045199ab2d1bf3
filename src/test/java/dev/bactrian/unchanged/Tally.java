package dev.bactrian.unchanged;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how histories ended. */
final class Tally {

    private final Map<String, Integer> reasons = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int histories;
    private int alike;

    void add(SavedSource earlier, SavedSource.Compared compared, String what) {
        compared.verdicts().forEach((oid, verdict) -> {
            SavedSource.Rows before = earlier.tables().get(oid);
            histories++;
            if (before != null
                    && before.digest().equals(compared.now().tables().get(oid).digest())) {
                alike++;
            }
            reasons.merge(verdict == null ? "unchanged" : verdict, 1, Integer::sum);
        });
        compared.wrong(earlier).forEach(table -> wrong.add(what + ": " + table));
    }

    int histories() {
        return histories;
    }

    int unchanged() {
        return reasons.getOrDefault("unchanged", 0);
    }

    List<String> wrong() {
        return wrong;
    }

    @Override
    public String toString() {
        return histories + " histories, " + alike + " left the rows as they were, " + wrong.size() + " wrong; "
                + reasons;
    }
}
