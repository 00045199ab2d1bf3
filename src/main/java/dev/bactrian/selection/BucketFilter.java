package dev.bactrian.selection;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which buckets of Storage are saved with their files. Patterns are whole names; {@code *} stands for any characters and
 * {@code ?} for one. Nothing else means anything in them: names of buckets aren't identifiers, and case counts.
 *
 * @param include only these; all where it is empty
 * @param exclude not these, whatever else
 */
public record BucketFilter(List<Pattern> include, List<Pattern> exclude) {

    /** All buckets. */
    public static final BucketFilter ALL = new BucketFilter(List.of(), List.of());

    public BucketFilter {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** From lists of patterns, separated by commas. */
    public static BucketFilter of(String include, String exclude) {
        return new BucketFilter(patterns(include), patterns(exclude));
    }

    private static List<Pattern> patterns(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(BucketFilter::pattern)
                .toList();
    }

    private static Pattern pattern(String glob) {
        String regex = glob.codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL);
    }

    /** Whether a bucket is saved. */
    public boolean holds(String bucket) {
        return (include.isEmpty() || matches(include, bucket)) && !matches(exclude, bucket);
    }

    private static boolean matches(List<Pattern> patterns, String bucket) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(bucket).matches());
    }
}
