package dev.bactrian.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.RetentionRules;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept and what goes: a nightly run over 14 simulated months, clocks that change and jump, gaps, chance. */
class RetentionPlanTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final RetentionRules USUAL = new RetentionRules(3, 7, 4, 12, null);

    private long ids;

    @Test
    void everyNightOverFourteenMonthsLeavesDaysWeeksAndMonths() {
        List<KeptBackup> store = new ArrayList<>();
        Instant now = null;
        for (LocalDate day = LocalDate.of(2025, 1, 1); day.isBefore(LocalDate.of(2026, 3, 1)); day = day.plusDays(1)) {
            // Twice a day; one of them inside the hour that is skipped in March and comes twice in October.
            store.add(at(day.atTime(2, 30).atZone(BERLIN).toInstant()));
            now = day.atTime(14, 0).atZone(BERLIN).toInstant();
            store.add(at(now));
            store = kept(USUAL, store, now, BERLIN);
        }

        assertThat(days(store, BERLIN))
                .containsExactly(
                        // the last three of all, the last seven days, the last four Sundays, the last twelve ends of
                        // months
                        "2026-02-28T14:00",
                        "2026-02-28T02:30",
                        "2026-02-27T14:00",
                        "2026-02-26T14:00",
                        "2026-02-25T14:00",
                        "2026-02-24T14:00",
                        "2026-02-23T14:00",
                        "2026-02-22T14:00",
                        "2026-02-15T14:00",
                        "2026-02-08T14:00",
                        "2026-01-31T14:00",
                        "2025-12-31T14:00",
                        "2025-11-30T14:00",
                        "2025-10-31T14:00",
                        "2025-09-30T14:00",
                        "2025-08-31T14:00",
                        "2025-07-31T14:00",
                        "2025-06-30T14:00",
                        "2025-05-31T14:00",
                        "2025-04-30T14:00",
                        "2025-03-31T14:00");
    }

    @Test
    void everyReasonIsSaid() {
        KeptBackup newest = at("2026-01-01T10:00:00Z");
        KeptBackup sameDay = at("2026-01-01T09:00:00Z");
        KeptBackup sameWeek = at("2025-12-29T09:00:00Z");

        RetentionPlan plan = RetentionPlan.of(
                new RetentionRules(1, 2, 2, null, 1),
                "default",
                List.of(sameWeek, newest, sameDay),
                newest.madeAt(),
                ZoneOffset.UTC);

        assertThat(plan.decisions())
                .containsExactly(
                        new Decision(
                                newest,
                                true,
                                List.of(
                                        "the newest",
                                        "last 1 of 1",
                                        "daily 1 of 2 (2026-01-01)",
                                        "weekly 1 of 2 (2026-W01)",
                                        "within 1 day")),
                        new Decision(sameDay, true, List.of("within 1 day")),
                        new Decision(sameWeek, true, List.of("daily 2 of 2 (2025-12-29)")));
    }

    @Test
    void withoutAnyRuleEverythingIsKept() {
        List<KeptBackup> backups = List.of(at("2020-01-01T10:00:00Z"), partial("2020-01-01T11:00:00Z"));

        RetentionPlan plan = plan(RetentionRules.KEEP_ALL, backups, "2026-01-01T10:00:00Z");

        assertThat(plan.deletions()).isEmpty();
        assertThat(plan.decisions()).extracting(Decision::reason).containsOnly("no rule is set");
    }

    @Test
    void daysWithoutABackupDoNotCount() {
        List<KeptBackup> backups =
                List.of(at("2026-01-10T10:00:00Z"), at("2026-01-03T10:00:00Z"), at("2025-11-03T10:00:00Z"));

        assertThat(plan(new RetentionRules(null, 2, null, null, null), backups, "2026-04-10T10:00:00Z")
                        .deletions())
                .extracting(Decision::backup)
                .containsExactly(backups.get(2));
    }

    @Test
    void whenBackupsStopThoseThatAreThereStay() {
        List<KeptBackup> backups =
                List.of(at("2026-01-10T10:00:00Z"), at("2026-01-04T10:00:00Z"), at("2026-01-03T10:00:00Z"));

        assertThat(plan(new RetentionRules(null, null, null, null, 7), backups, "2027-01-10T10:00:00Z")
                        .deletions())
                .extracting(Decision::backup)
                .containsExactly(backups.get(2));
    }

    @Test
    void aDayBeginsAtMidnightOfTheZone() {
        // Both of the 2nd in UTC; in Auckland one of the 2nd and one of the 3rd.
        List<KeptBackup> backups = List.of(at("2026-01-02T12:00:00Z"), at("2026-01-02T10:00:00Z"));
        RetentionRules daily = new RetentionRules(null, 5, null, null, null);
        Instant now = Instant.parse("2026-01-05T00:00:00Z");

        assertThat(RetentionPlan.of(daily, "default", backups, now, ZoneOffset.UTC)
                        .deletions())
                .hasSize(1);
        assertThat(RetentionPlan.of(daily, "default", backups, now, ZoneId.of("Pacific/Auckland"))
                        .deletions())
                .isEmpty();
    }

    @Test
    void aDayIsCountedBackByTheCalendarWhereClocksChange() {
        // 47 hours before, but two days by the calendar, since an hour was skipped.
        KeptBackup newest =
                at(LocalDateTime.parse("2026-03-30T12:00").atZone(BERLIN).toInstant());
        KeptBackup atTheEdge =
                at(LocalDateTime.parse("2026-03-28T12:00").atZone(BERLIN).toInstant());
        assertThat(Duration.between(atTheEdge.madeAt(), newest.madeAt())).isEqualTo(Duration.ofHours(47));

        RetentionPlan plan = RetentionPlan.of(
                new RetentionRules(null, null, null, null, 2),
                "default",
                List.of(newest, atTheEdge),
                newest.madeAt(),
                BERLIN);

        assertThat(plan.deletions()).extracting(Decision::backup).containsExactly(atTheEdge);
    }

    /** Else each new backup would be deleted at once, as older than one that a wrong clock dated ahead. */
    @Test
    void aBackupFromTheFutureNeitherCountsNorGoes() {
        KeptBackup ahead = at("2036-01-01T00:00:00Z");
        KeptBackup newest = at("2026-01-02T00:00:00Z");
        KeptBackup older = at("2026-01-01T00:00:00Z");

        RetentionPlan plan = plan(
                new RetentionRules(1, null, null, null, null), List.of(older, ahead, newest), "2026-01-02T00:00:01Z");

        assertThat(plan.decisions())
                .containsExactly(
                        new Decision(ahead, true, List.of("its time is in the future: a clock was wrong")),
                        new Decision(newest, true, List.of("the newest", "last 1 of 1")),
                        new Decision(older, false, List.of("no rule keeps it")));
    }

    @Test
    void aPartNeverCountsAndGoesWithTheOldestOfEverything() {
        KeptBackup young = partial("2026-01-05T00:00:00Z");
        KeptBackup newest = at("2026-01-04T00:00:00Z");
        KeptBackup between = partial("2026-01-03T00:00:00Z");
        KeptBackup oldest = at("2026-01-02T00:00:00Z");
        KeptBackup old = partial("2026-01-01T00:00:00Z");
        KeptBackup gone = at("2025-12-31T00:00:00Z");
        List<KeptBackup> all = List.of(gone, old, oldest, between, newest, young);

        assertThat(plan(new RetentionRules(2, null, null, null, null), all, "2026-01-06T00:00:00Z")
                        .deletions())
                .extracting(Decision::backup)
                .containsExactly(old, gone);
        // Counted back from the newest of everything, not from the part that is younger.
        assertThat(plan(new RetentionRules(2, null, null, null, 1), all, "2026-01-06T00:00:00Z")
                        .deletions())
                .extracting(Decision::backup)
                .containsExactly(between, old, gone);
        assertThat(plan(new RetentionRules(1, null, null, null, 1), List.of(young, old), "2026-01-06T00:00:00Z")
                        .deletions())
                .isEmpty();
    }

    @Test
    void whoseDeletionHasBegunGoesWhateverTheRules() {
        KeptBackup newest = at("2026-01-04T00:00:00Z");
        KeptBackup doomed = new KeptBackup(id(), "default", newest.madeAt().plusSeconds(1), false, "k", 1, "asked for");

        RetentionPlan plan = plan(RetentionRules.KEEP_ALL, List.of(newest, doomed), "2026-01-06T00:00:00Z");

        assertThat(plan.deletions()).containsExactly(new Decision(doomed, false, List.of("asked for")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverTheBackupsTheNewestStaysAndASecondPlanDeletesNothing(int seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Instant now = Instant.parse("2026-03-29T01:30:00Z");
            ZoneId zone = List.of(ZoneOffset.UTC, BERLIN, ZoneId.of("America/Sao_Paulo"), ZoneId.of("Pacific/Apia"))
                    .get(random.nextInt(4));
            RetentionRules rules =
                    new RetentionRules(some(random), some(random), some(random), some(random), some(random));
            List<KeptBackup> backups = IntStream.range(0, random.nextInt(60))
                    .mapToObj(i -> new KeptBackup(
                            id(),
                            "default",
                            // Some of the same instant, some of the future.
                            now.minusSeconds((random.nextInt(500) - 20) * 31_337L),
                            random.nextInt(4) == 0,
                            "key",
                            1,
                            null))
                    .toList();

            RetentionPlan plan = RetentionPlan.of(rules, "default", backups, now, zone);
            List<KeptBackup> left = kept(rules, backups, now, zone);

            assertThat(plan.decisions()).hasSameSizeAs(backups);
            backups.stream()
                    .filter(backup -> !backup.partial() && !backup.madeAt().isAfter(now))
                    .min(KeptBackup.NEWEST_FIRST)
                    .ifPresent(newest -> assertThat(left).contains(newest));
            assertThat(RetentionPlan.of(rules, "default", left, now, zone).deletions())
                    .isEmpty();
            if (rules.keepDays() == null) {
                assertThat(RetentionPlan.of(rules, "default", left, now.plus(Duration.ofDays(20)), zone)
                                .deletions())
                        .as("time alone deletes nothing but what it brings back from the future")
                        .allMatch(gone ->
                                left.stream().anyMatch(backup -> backup.madeAt().isAfter(now)));
            }
        }
    }

    private static Integer some(Random random) {
        return random.nextBoolean() ? null : 1 + random.nextInt(6);
    }

    private static RetentionPlan plan(RetentionRules rules, List<KeptBackup> backups, String now) {
        return RetentionPlan.of(rules, "default", backups, Instant.parse(now), ZoneOffset.UTC);
    }

    private static List<KeptBackup> kept(RetentionRules rules, List<KeptBackup> backups, Instant now, ZoneId zone) {
        return new ArrayList<>(RetentionPlan.of(rules, "default", backups, now, zone).decisions().stream()
                .filter(Decision::keep)
                .map(Decision::backup)
                .toList());
    }

    private static List<String> days(List<KeptBackup> backups, ZoneId zone) {
        return backups.stream()
                .sorted(KeptBackup.NEWEST_FIRST)
                .map(backup -> backup.madeAt().atZone(zone).toLocalDateTime().toString())
                .toList();
    }

    private KeptBackup at(String instant) {
        return at(Instant.parse(instant));
    }

    private KeptBackup at(Instant instant) {
        return new KeptBackup(id(), "default", instant, false, "key", 1, null);
    }

    private KeptBackup partial(String instant) {
        return new KeptBackup(id(), "default", Instant.parse(instant), true, "key", 1, null);
    }

    private UUID id() {
        return new UUID(0, ++ids);
    }
}
