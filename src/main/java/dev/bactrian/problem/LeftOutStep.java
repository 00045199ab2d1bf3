package dev.bactrian.problem;

import java.util.Map;
import java.util.stream.Collectors;

/** What to say where the routes don't do what a backup, a restore or a verification needs: somebody has edited them. */
public final class LeftOutStep {

    /** What to do about it. */
    public static final String REMEDY =
            "Compare routes/ and sql/ with the shipped files, put back what differs, and restart.";

    private LeftOutStep() {}

    private static final String BACKUP = "a whole backup";

    /** As {@link #refuse(Map)}, of one step. */
    public static ProblemException of(String step, String how) {
        return refusal(BACKUP, Map.of(step, how));
    }

    /**
     * Refuses a backup.
     *
     * @param missing each step by its id in the routes that are shipped, or by the call or bean, and how its absence shows
     * @throws ProblemException unless there are none
     */
    public static void refuse(Map<String, String> missing) {
        if (!missing.isEmpty()) {
            throw refusal(BACKUP, missing);
        }
    }

    /**
     * What to say of routes that do something else than they must.
     *
     * @param what they do, as a predicate of "the routes"
     */
    public static ProblemException edited(String what) {
        return ProblemException.stopped("The routes in use " + what + ".", REMEDY);
    }

    /**
     * What to say of steps that aren't there.
     *
     * @param of what needs them, such as "a whole restore"
     * @param missing as of {@link #refuse(Map)}; not empty
     */
    public static ProblemException refusal(String of, Map<String, String> missing) {
        String steps = missing.entrySet().stream()
                .map(step -> step.getKey() + " (" + step.getValue() + ")")
                .collect(Collectors.joining(", "));
        return edited("leave out what " + of + " needs: " + steps);
    }
}
