package dev.bactrian.archive.write;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an archive holds by what was written to it, whatever else says so. For several threads at once. */
final class WrittenEntries {

    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private volatile boolean finished;

    /** An entry has ended; SHA-256 of its content in lower-case hex. */
    void add(String name, String sha256) {
        hashes.put(name, sha256);
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
