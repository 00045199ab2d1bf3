package dev.bactrian.verify;

import dev.bactrian.archive.verify.Difference;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether two schema dumps define the same objects, in whatever order. Holds a hash of each definition, not its text.
 */
final class SchemaComparison {

    private static final int MOST_SHOWN = 100;
    private static final int MOST_PARTS = 2000;
    private static final int LONGEST_PART = 120;

    private final boolean ownersAndGrants;
    private final boolean sameVersion;
    private final Set<String> tablespaces;

    /**
     * Prepares a comparison.
     *
     * @param ownersAndGrants whether owners and grants matter
     * @param tablespaces those that the database could use: what was in another one is in its default one
     * @param sameVersion whether servers and pg_dump were of the same major version: else the text of a definition may
     *     differ, and only the presence of objects is compared
     */
    SchemaComparison(boolean ownersAndGrants, boolean sameVersion, Set<String> tablespaces) {
        this.ownersAndGrants = ownersAndGrants;
        this.sameVersion = sameVersion;
        this.tablespaces = Set.copyOf(tablespaces);
    }

    /**
     * Compares texts that {@code pg_restore --verbose --file=…} wrote.
     *
     * @param saved of the archive's schema.dump
     * @param restored of a dump of the database
     * @param reloaded of dumps of databases into which PostgreSQL's own pg_restore put the archive's schema.dump: what has
     *     the text there that it has in the database isn't different
     * @return an element per object, {@value #MOST_SHOWN} of those with another definition at the most
     */
    public List<Difference> compare(Path saved, Path restored, List<Path> reloaded) throws IOException {
        Map<SchemaScript.Key, List<String>> before = hashes(saved);
        Map<SchemaScript.Key, List<String>> after = hashes(restored);
        List<Difference> found = new ArrayList<>();
        Map<SchemaScript.Key, List<String>> others = new TreeMap<>();
        before.forEach((key, hashes) -> {
            List<String> now = after.remove(key);
            if (now == null) {
                found.add(new Difference(key.text(), "is missing"));
            } else if (now.size() != hashes.size()) {
                found.add(new Difference(key.text(), "is there " + now.size() + " times instead of " + hashes.size()));
            } else if (sameVersion && !now.equals(hashes)) {
                others.put(key, now);
            }
        });
        Set<SchemaScript.Key> changed = withoutReloaded(others, reloaded);
        after.keySet().forEach(key -> found.add(new Difference(key.text(), "isn't in the archive")));
        if (!changed.isEmpty()) {
            found.addAll(changes(saved, restored, changed));
        }
        return List.copyOf(found);
    }

    /** PostgreSQL prints some expressions otherwise when they were read back, and then the same again and again. */
    private Set<SchemaScript.Key> withoutReloaded(Map<SchemaScript.Key, List<String>> others, List<Path> reloaded)
            throws IOException {
        Set<SchemaScript.Key> changed = new TreeSet<>(others.keySet());
        for (Path script : reloaded) {
            Map<SchemaScript.Key, List<String>> known = hashes(script);
            changed.removeIf(key -> Objects.equals(others.get(key), known.get(key)));
        }
        return changed;
    }

    /** Whether something has another text than was saved, and than it has in these dumps; no where text isn't compared. */
    boolean hasOtherTexts(Path saved, Path restored, List<Path> reloaded) throws IOException {
        if (!sameVersion) {
            return false;
        }
        Map<SchemaScript.Key, List<String>> before = hashes(saved);
        Map<SchemaScript.Key, List<String>> others = hashes(restored);
        others.entrySet().removeIf(object -> {
            List<String> hashes = before.get(object.getKey());
            return hashes == null || hashes.size() != object.getValue().size() || hashes.equals(object.getValue());
        });
        return !withoutReloaded(others, reloaded).isEmpty();
    }

    private Map<SchemaScript.Key, List<String>> hashes(Path script) throws IOException {
        Hashing hashing = new Hashing();
        SchemaScript.read(script, ownersAndGrants, tablespaces, hashing);
        return hashing.all();
    }

    /** Reads both again, for the definitions that differ alone. */
    private List<Difference> changes(Path saved, Path restored, Set<SchemaScript.Key> changed) throws IOException {
        Texts before = new Texts(changed);
        SchemaScript.read(saved, ownersAndGrants, tablespaces, before);
        Texts after = new Texts(changed);
        SchemaScript.read(restored, ownersAndGrants, tablespaces, after);
        List<Difference> found = new ArrayList<>();
        for (SchemaScript.Key key : changed) {
            found.add(new Difference(key.text(), "is defined differently" + first(before.of(key), after.of(key))));
            if (found.size() == MOST_SHOWN) {
                break;
            }
        }
        return found;
    }

    private static String first(List<String> before, List<String> after) {
        for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
            String one = i < before.size() ? before.get(i) : "";
            String other = i < after.size() ? after.get(i) : "";
            if (!one.equals(other)) {
                return ": " + shown(other) + " instead of " + shown(one);
            }
        }
        return "";
    }

    private static String shown(String part) {
        String text = SchemaScript.utf8(part).strip();
        if (text.isEmpty()) {
            return "nothing";
        }
        return "`" + (text.length() <= LONGEST_PART ? text : text.substring(0, LONGEST_PART) + "…") + "`";
    }

    /** Hashes of each object's definition, sorted where there are several of one name. */
    private static final class Hashing implements SchemaScript.Sink {

        private final Map<SchemaScript.Key, List<String>> hashes = new TreeMap<>();
        private final MessageDigest digest = Sha256.begin();
        private final List<String> grants = new ArrayList<>();
        private SchemaScript.@Nullable Key current;

        @Override
        public void begin(SchemaScript.Key key) {
            finish();
            current = key;
        }

        @Override
        public void part(String text) {
            if (current != null && current.isGrant()) {
                grants.add(text);
            } else {
                update(text);
            }
        }

        private void update(String text) {
            digest.update(text.getBytes(StandardCharsets.ISO_8859_1));
            digest.update((byte) '\n');
        }

        private void finish() {
            SchemaScript.Key key = current;
            if (key != null) {
                // Who was granted something first doesn't matter.
                Collections.sort(grants);
                grants.forEach(this::update);
                grants.clear();
                List<String> known = hashes.computeIfAbsent(key, any -> new ArrayList<>(1));
                known.add(Sha256.hex(digest));
                Collections.sort(known);
            }
        }

        Map<SchemaScript.Key, List<String>> all() {
            finish();
            current = null;
            return hashes;
        }
    }

    /** The beginnings of some definitions. */
    private static final class Texts implements SchemaScript.Sink {

        private final Map<SchemaScript.Key, List<String>> texts = new HashMap<>();
        private final Set<SchemaScript.Key> wanted;
        private List<String> current = List.of();
        private boolean taking;
        private boolean grants;

        Texts(Set<SchemaScript.Key> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void begin(SchemaScript.Key key) {
            sort();
            taking = wanted.contains(key) && (texts.containsKey(key) || texts.size() < MOST_SHOWN);
            current = taking ? texts.computeIfAbsent(key, any -> new ArrayList<>()) : List.of();
            grants = key.isGrant();
        }

        private void sort() {
            if (taking && grants) {
                Collections.sort(current);
            }
        }

        @Override
        public void part(String text) {
            if (taking && current.size() < MOST_PARTS) {
                current.add(text);
            }
        }

        List<String> of(SchemaScript.Key key) {
            sort();
            taking = false;
            return texts.getOrDefault(key, List.of());
        }
    }
}
