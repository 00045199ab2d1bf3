package dev.bactrian.routes;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Names that look like one that was mistyped. */
final class NearNames {

    private static final int MOST = 3;
    private static final int FEW_LETTERS = 2;
    private static final int LETTERS_PER_MISTAKE = 4;

    private NearNames() {}

    /**
     * A question that ends a message, with the nearest names first; empty when none is near.
     *
     * @param prefix what is written before each name
     */
    static String question(String prefix, String name, Collection<String> known) {
        int most = Math.max(FEW_LETTERS, name.length() / LETTERS_PER_MISTAKE);
        String near = known.stream()
                .distinct()
                .filter(candidate -> distance(name, candidate) <= most)
                .sorted(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .map(candidate -> prefix + candidate)
                .collect(Collectors.joining(" or "));
        return near.isEmpty() ? "" : " Did you mean " + near + "?";
    }

    /** How many letters are another, missing or too many (Levenshtein). */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[before.length];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(changed, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[other.length()];
    }
}
