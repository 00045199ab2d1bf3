package dev.bactrian.backup;

import java.util.Map;
import java.util.stream.Collectors;

/** What to say where the routes don't do what a backup needs: somebody has edited them. */
public final class LeftOutStep {

    private static final String REMEDY =
            "Compare routes/ and sql/ with the files that are shipped, put back what differs, and restart.";

    private LeftOutStep() {}

    /** As {@link #refuse(Map)}, of one step. */
    public static BackupException of(String step, String how) {
        return refusal(Map.of(step, how));
    }

    /**
     * Refuses a backup.
     *
     * @param missing each step by its id in the routes that are shipped, or by the call or bean, and how its absence shows
     * @throws BackupException unless there are none
     */
    public static void refuse(Map<String, String> missing) {
        if (!missing.isEmpty()) {
            throw refusal(missing);
        }
    }

    /**
     * What to say of routes that do something else than they must.
     *
     * @param what they do, as a predicate of "the routes"
     */
    public static BackupException edited(String what) {
        return BackupException.stopped("The routes in use " + what + ".", REMEDY);
    }

    private static BackupException refusal(Map<String, String> missing) {
        String steps = missing.entrySet().stream()
                .map(step -> step.getKey() + " (" + step.getValue() + ")")
                .collect(Collectors.joining(", "));
        return edited("leave out what a whole backup needs: " + steps);
    }
}
