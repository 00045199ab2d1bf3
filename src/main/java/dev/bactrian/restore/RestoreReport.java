package dev.bactrian.restore;

import dev.bactrian.support.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a restore did and what it couldn't do. Its workers add to it. */
public final class RestoreReport {

    private final List<NotApplied> notApplied = new ArrayList<>();
    private final Set<String> missingRoles = new TreeSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<PausedJob> paused = new ArrayList<>();
    private final List<ReachesOut> reachesOut = new ArrayList<>();
    private final List<NotApplied> notProven = new ArrayList<>();
    private int definitions;

    /** Something of what was asked for isn't there. */
    public synchronized void add(NotApplied part) {
        notApplied.add(part);
    }

    /** The last word about a part that is tried more than once. */
    public synchronized void replace(NotApplied part) {
        withdraw(part.what());
        notApplied.add(part);
    }

    /** It is there after all. */
    public synchronized void withdraw(String what) {
        notApplied.removeIf(part -> part.what().equals(what));
    }

    /** A role that owns or may use something isn't on the target: told once, however often it is met. */
    public synchronized void roleIsMissing(String role) {
        if (missingRoles.add(role)) {
            notApplied.add(new NotApplied(
                    "role " + role,
                    "It doesn't exist on the target: what it owned belongs to the role that restored, and its grants "
                            + "are missing.",
                    null));
        }
    }

    /** What a verification found different in the restored database. */
    public synchronized void differs(List<String> found) {
        found.stream().map(Printable::line).forEach(differences::add);
    }

    public synchronized List<String> getDifferences() {
        return List.copyOf(differences);
    }

    /** A job that ran in the saved database, and doesn't in the target. */
    public synchronized void paused(PausedJob job) {
        paused.add(job);
    }

    /** Jobs that have to be started. */
    public synchronized List<PausedJob> getPaused() {
        return List.copyOf(paused);
    }

    /** What comes back that acts by itself, or on other systems. */
    public synchronized void reachOut(List<ReachesOut> parts) {
        reachesOut.addAll(parts);
    }

    public synchronized List<ReachesOut> getReachesOut() {
        return List.copyOf(reachesOut);
    }

    /** What a verification leaves out, so that it proves nothing about it. */
    public synchronized void notProven(NotApplied part) {
        notProven.add(part);
    }

    public synchronized List<NotApplied> getNotProven() {
        return List.copyOf(notProven);
    }

    /** Something worth knowing that takes nothing from the restore; told once. */
    public synchronized void note(String text) {
        notes.add(Printable.line(text));
    }

    /** Rows that a table has got, all in all. */
    public synchronized void loaded(String table, long count) {
        rows.put(table, count);
    }

    public synchronized void defined(int statements) {
        definitions += statements;
    }

    public synchronized List<NotApplied> getNotApplied() {
        return List.copyOf(notApplied);
    }

    /** Whether something of the archive isn't there because it came damaged. */
    public synchronized boolean isDamaged() {
        return notApplied.stream().anyMatch(part -> part.reason().startsWith("The archive is damaged"));
    }

    public synchronized List<String> getNotes() {
        return List.copyOf(notes);
    }

    /** Rows of each loaded table, by its quoted name. */
    public synchronized Map<String, Long> getRows() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /** How many objects were made. */
    public synchronized int getDefinitions() {
        return definitions;
    }
}
