package dev.bactrian.restore;

import dev.bactrian.selection.Relation;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which files of Storage are wanted: whole buckets, and single objects beside them. Without any all are.
 *
 * @param buckets their ids
 * @param objects as {@code bucket/path}
 */
public record StoredFiles(List<String> buckets, List<String> objects) {

    public static final StoredFiles ALL = new StoredFiles(List.of(), List.of());

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException for an object without its bucket
     */
    public StoredFiles {
        buckets = List.copyOf(buckets);
        objects = List.copyOf(objects);
        for (String object : objects) {
            int slash = object.indexOf('/');
            if (slash <= 0 || slash == object.length() - 1) {
                throw new IllegalArgumentException(
                        "Name an object with its bucket, such as avatars/folder/file.png; " + object + " isn't.");
            }
        }
        for (String bucket : buckets) {
            if (bucket.isEmpty() || bucket.indexOf('/') >= 0) {
                throw new IllegalArgumentException("A bucket name has no slash; to name an object, use object.");
            }
        }
    }

    /** Whether none is named, so that all are wanted. */
    boolean areAll() {
        return buckets.isEmpty() && objects.isEmpty();
    }

    /** Whether an object is wanted. */
    public boolean contains(String bucket, String name) {
        return areAll() || buckets.contains(bucket) || objects.contains(bucket + "/" + name);
    }

    /** The same as a condition on rows named {@code saved}; a bucket is needed by its objects, too. */
    public String condition(boolean ofBuckets) {
        if (areAll()) {
            return "true";
        }
        if (ofBuckets) {
            TreeSet<String> needed = new TreeSet<>(buckets);
            objects.forEach(object -> needed.add(object.substring(0, object.indexOf('/'))));
            return "saved.id IN " + list(needed);
        }
        String whole = buckets.isEmpty() ? "false" : "saved.bucket_id IN " + list(buckets);
        return objects.isEmpty()
                ? whole
                : "(" + whole + " OR saved.bucket_id || '/' || saved.name IN " + list(objects) + ")";
    }

    private static String list(Collection<String> names) {
        return names.stream().map(Relation::literal).collect(Collectors.joining(", ", "(", ")"));
    }
}
