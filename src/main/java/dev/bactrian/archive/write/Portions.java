package dev.bactrian.archive.write;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The entries with one table's rows as they come, from several workers. */
final class Portions {

    private final int count;
    private final TreeMap<Integer, ArchiveContents.Data> entries = new TreeMap<>();
    private final Set<Integer> complete = new HashSet<>();

    Portions(int count) {
        this.count = count;
    }

    synchronized boolean add(int number, int ofCount, ArchiveContents.Data entry) {
        if (ofCount != count || number < 1 || number > count || entries.putIfAbsent(number, entry) != null) {
            throw new IllegalStateException("The archive has rows already that " + entry.entry() + " would have, too");
        }
        return areAll();
    }

    synchronized void complete(int number) {
        complete.add(number);
    }

    synchronized boolean areAll() {
        return entries.size() == count;
    }

    synchronized boolean isComplete() {
        return areAll() && complete.containsAll(entries.keySet());
    }

    /** In their order. */
    synchronized List<ArchiveContents.Data> entries() {
        return List.copyOf(entries.values());
    }
}
