package dev.bactrian.retention;

import dev.bactrian.config.RetentionRules;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each backup of a database, newest first. A pure function of the rules, the backups and an instant: planning
 * again after the deletions deletes nothing more.
 */
public record RetentionPlan(String database, List<Decision> decisions) {

    public RetentionPlan {
        decisions = List.copyOf(decisions);
    }

    public List<Decision> deletions() {
        return decisions.stream().filter(decision -> !decision.keep()).toList();
    }

    /**
     * Plans.
     *
     * @param backups of one database, in any order
     * @param zone where days begin at midnight
     */
    public static RetentionPlan of(
            RetentionRules rules, String database, List<KeptBackup> backups, Instant now, ZoneId zone) {
        Reasons reasons = new Reasons();
        List<KeptBackup> sorted =
                backups.stream().sorted(KeptBackup.NEWEST_FIRST).toList();
        List<KeptBackup> good = sorted.stream()
                .filter(backup -> backup.deletionReason() == null)
                .filter(backup -> {
                    boolean future = backup.madeAt().isAfter(now);
                    if (future) {
                        reasons.add(backup, "its time is in the future: a clock was wrong");
                    }
                    return !future;
                })
                .toList();
        List<KeptBackup> full =
                good.stream().filter(backup -> !backup.partial()).toList();
        if (rules.keepsAll()) {
            good.forEach(backup -> reasons.add(backup, "no rule is set"));
        } else {
            keepFull(rules, full, zone, reasons);
            keepPartial(rules, full, good, zone, reasons);
        }
        return new RetentionPlan(
                database,
                sorted.stream()
                        .map(backup -> decision(backup, reasons.of(backup)))
                        .toList());
    }

    private static Decision decision(KeptBackup backup, List<String> reasons) {
        String begunReason = backup.deletionReason();
        if (begunReason != null) {
            return new Decision(backup, false, List.of(begunReason));
        }
        if (!reasons.isEmpty()) {
            return new Decision(backup, true, reasons);
        }
        return new Decision(backup, false, List.of(backup.partial() ? "partial, and too old" : "no rule keeps it"));
    }

    private static void keepFull(RetentionRules rules, List<KeptBackup> full, ZoneId zone, Reasons reasons) {
        if (full.isEmpty()) {
            return;
        }
        reasons.add(full.get(0), "the newest");
        keepNewestOfEach("last", rules.keepLast(), full, backup -> backup.id().toString(), reasons);
        keepNewestOfEach("daily", rules.keepDaily(), full, period(LocalDate::toString, zone), reasons);
        keepNewestOfEach("weekly", rules.keepWeekly(), full, period(RetentionPlan::week, zone), reasons);
        keepNewestOfEach(
                "monthly",
                rules.keepMonthly(),
                full,
                period(day -> YearMonth.from(day).toString(), zone),
                reasons);
        Instant oldest = oldest(rules.keepDays(), full, zone);
        if (oldest != null) {
            full.stream()
                    .filter(backup -> backup.madeAt().isAfter(oldest))
                    .forEach(backup -> reasons.add(backup, within(rules)));
        }
    }

    private static void keepNewestOfEach(
            String rule,
            @Nullable Integer most,
            List<KeptBackup> full,
            Function<KeptBackup, String> period,
            Reasons reasons) {
        Set<String> seen = new HashSet<>();
        for (KeptBackup backup : full) {
            if (most == null || seen.size() == most) {
                return;
            }
            String of = period.apply(backup);
            if (seen.add(of)) {
                boolean named = !"last".equals(rule);
                reasons.add(backup, rule + " " + seen.size() + " of " + most + (named ? " (" + of + ")" : ""));
            }
        }
    }

    /** Partial ones are good for nothing but themselves: they go when they are as old as what the rules keep of the others. */
    private static void keepPartial(
            RetentionRules rules, List<KeptBackup> full, List<KeptBackup> good, ZoneId zone, Reasons reasons) {
        Instant byDays = oldest(rules.keepDays(), full, zone);
        KeptBackup oldestKept = full.stream()
                .filter(backup -> !reasons.of(backup).isEmpty())
                .reduce((newer, older) -> older)
                .orElse(null);
        for (KeptBackup backup : good) {
            if (backup.partial() && oldestKept == null) {
                reasons.add(backup, "partial; there is no full one");
            } else if (backup.partial() && byDays != null && backup.madeAt().isAfter(byDays)) {
                reasons.add(backup, "of a part, " + within(rules));
            } else if (backup.partial()
                    && byDays == null
                    && oldestKept != null
                    && !backup.madeAt().isBefore(oldestKept.madeAt())) {
                reasons.add(backup, "partial, not older than the oldest full one that is kept");
            }
        }
    }

    private static String within(RetentionRules rules) {
        return "within " + rules.keepDays() + (Integer.valueOf(1).equals(rules.keepDays()) ? " day" : " days");
    }

    /** Counted back from the newest and not from now: when backups stop, those that are there stay. */
    private static @Nullable Instant oldest(@Nullable Integer days, List<KeptBackup> full, ZoneId zone) {
        return days == null || full.isEmpty()
                ? null
                : full.get(0).madeAt().atZone(zone).minusDays(days).toInstant();
    }

    private static Function<KeptBackup, String> period(Function<LocalDate, String> name, ZoneId zone) {
        return backup -> name.apply(backup.madeAt().atZone(zone).toLocalDate());
    }

    /** Such as 2026-W47: at the turn of a year the week's own year. */
    private static String week(LocalDate day) {
        String text = DateTimeFormatter.ISO_WEEK_DATE.format(day);
        return text.substring(0, text.lastIndexOf('-'));
    }

    /** What keeps each backup. */
    private static final class Reasons {

        private final Map<KeptBackup, List<String>> all = new HashMap<>();

        void add(KeptBackup backup, String reason) {
            all.computeIfAbsent(backup, key -> new ArrayList<>()).add(reason);
        }

        List<String> of(KeptBackup backup) {
            return all.getOrDefault(backup, List.of());
        }
    }
}
