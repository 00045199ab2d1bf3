package dev.bactrian.run;

import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a backup have done, as they write it down themselves: routes can be edited, and a backup from which a
 * step is left out must not be taken for a whole one. Steps are named by their ids in the routes that are shipped. For
 * several threads at once.
 */
public final class Evidence {

    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Map<String, Long> counts = new ConcurrentHashMap<>();
    private final Map<String, Object> made = new ConcurrentHashMap<>();

    /** A step has done its work. */
    public void done(String step) {
        done.add(step);
    }

    /** A step has read or written something: what these others had confirmed before is no longer proven. */
    public void undone(Collection<String> steps) {
        done.removeAll(steps);
    }

    /** As {@link #undone(Collection)}. */
    public void undone(String... steps) {
        undone(List.of(steps));
    }

    /** A step has made a value that others must use as it is; a later one of the same name takes its place. */
    public void made(String what, Object value) {
        made.put(what, value);
    }

    /** Whether a value is the last one made under this name. */
    public boolean isMade(String what, @Nullable Object value) {
        return value != null && value.equals(made.get(what));
    }

    /** A step has made something that is only worth anything when this other one is done as well. */
    public void expect(String step) {
        expected.add(step);
    }

    /**
     * A step has made the text of an entry of the archive.
     *
     * @param sha256 of the text in UTF-8, lower-case hex
     */
    public void text(String entry, String sha256) {
        texts.put(entry, sha256);
    }

    /** A step has found so many of something that another one saves. */
    public void found(String what, long count) {
        counts.put(what, count);
    }

    /**
     * Compares what was saved with what had been found.
     *
     * @throws ProblemException naming the step that saves it, when it isn't as much
     */
    public void requireAll(String what, long count, String step) {
        Long found = counts.get(what);
        if (found != null && found != count) {
            throw LeftOutStep.of(step, count + " " + what + " were read, of " + found);
        }
    }

    /** How many were found; none where no step has counted them. */
    public Optional<Long> count(String what) {
        return Optional.ofNullable(counts.get(what));
    }

    /** The SHA-256 of the text that an entry must have; none where no step has made it. */
    public Optional<String> text(String entry) {
        return Optional.ofNullable(texts.get(entry));
    }

    public boolean has(String step) {
        return done.contains(step);
    }

    /** Those of these steps, and of those that are expected, that nothing was heard of; in the order of their names. */
    public List<String> missing(Collection<String> steps) {
        Set<String> missing = new TreeSet<>(steps);
        missing.addAll(expected);
        missing.removeAll(done);
        return List.copyOf(missing);
    }
}
