package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryPlace;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What an archive holds by what was written to it, whatever else says so. For several threads at once. */
final class WrittenEntries {

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final Map<String, EntryPlace> places = new ConcurrentHashMap<>();
    private volatile boolean finished;

    /** An entry of this name is begun. */
    void claim(String name) {
        if (!names.add(name)) {
            throw new IllegalStateException("The archive has an entry " + name + " already");
        }
    }

    /** It is taken back. */
    void forget(String name) {
        names.remove(name);
    }

    /** An entry has ended; SHA-256 of its content in lower-case hex. */
    void add(String name, String sha256) {
        hashes.put(name, sha256);
    }

    /** Where it lies in the zip. */
    void place(String name, EntryPlace place) {
        places.put(name, place);
    }

    /** Where an entry lies; null as long as that isn't known. */
    @Nullable
    EntryPlace place(String name) {
        return places.get(name);
    }

    /** The central directory is written: from now on the entries count. */
    void finish() {
        finished = true;
    }

    boolean holds(String name) {
        return finished && hashes.containsKey(name);
    }

    boolean holds(String name, String sha256) {
        return finished && sha256.equals(hashes.get(name));
    }
}
