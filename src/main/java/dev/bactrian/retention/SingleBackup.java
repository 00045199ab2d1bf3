package dev.bactrian.retention;

import dev.bactrian.config.RetentionRules;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says where rules leave a database a single backup of everything, or none: when that one turns out to be damaged, there is no other.
 * Users who set such rules are asked whether they mean them.
 */
public final class SingleBackup {

    private static final int NAMED = 5;

    private SingleBackup() {}

    /**
     * What these rules would do, a sentence each.
     *
     * @param plans by these rules, of the backups that there are now
     * @return empty for rules that leave more than one backup wherever there is more than one
     */
    public static List<String> told(RetentionRules rules, List<RetentionPlan> plans) {
        Stream<String> byRules = rules.keepsOne()
                ? Stream.of("These rules keep only one backup of each database; if it is damaged, there is no other.")
                : Stream.of();
        return Stream.concat(byRules, deletions(plans).stream()).toList();
    }

    /** The same of the backups that there are alone. */
    public static List<String> deletions(List<RetentionPlan> plans) {
        return plans.stream()
                .filter(plan ->
                        going(plan).stream().anyMatch(goes -> !goes.backup().partial()))
                .filter(plan -> staying(plan).size() <= 1)
                .map(SingleBackup::sentence)
                .toList();
    }

    private static String sentence(RetentionPlan plan) {
        List<Decision> going = going(plan);
        String more = going.size() > NAMED ? " and " + (going.size() - NAMED) + " more" : "";
        return "Of " + plan.database() + " " + going.size() + (going.size() == 1 ? " backup" : " backups")
                + " would be deleted: "
                + going.stream().limit(NAMED).map(SingleBackup::name).collect(Collectors.joining(", ")) + more + "; "
                + staying(plan).stream().findFirst().map(SingleBackup::name).orElse("none") + " would stay.";
    }

    /** Not those whose deletion has begun, whatever the rules. */
    private static List<Decision> going(RetentionPlan plan) {
        return plan.deletions().stream()
                .filter(decision -> decision.backup().deletionReason() == null)
                .toList();
    }

    private static List<Decision> staying(RetentionPlan plan) {
        return plan.decisions().stream()
                .filter(decision -> decision.keep() && !decision.backup().partial())
                .toList();
    }

    private static String name(Decision decision) {
        return decision.backup().id() + " of " + decision.backup().madeAt().truncatedTo(ChronoUnit.SECONDS);
    }
}
