package dev.bactrian.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.CheckResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who looks into a service must not be held by what the service can't reach, nor hold it. */
class TimedChecksTest {

    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger timesAsked = new AtomicInteger();
    private final List<Precondition> preconditions = List.of(
            new Precondition("database slow", () -> {
                timesAsked.incrementAndGet();
                asked.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return List.of(CheckResult.good("database slow", "reachable", "at last"));
            }),
            new Precondition(
                    "work folder", () -> List.of(CheckResult.good("work folder", "writable", "/var/lib/bactrian"))));
    private TimedChecks checks = new TimedChecks(() -> preconditions, Duration.ofMillis(100));

    @AfterEach
    void stop() {
        answer.countDown();
        checks.close();
    }

    @Test
    void whatDoesNotAnswerInTimeHasFailedAndHidesNothingElse() throws InterruptedException {
        assertThat(checks.run())
                .extracting(CheckResult::line)
                .containsExactly(
                        "database slow: answer: There was no result within 0 seconds. "
                                + "Run ./bactrian check, which waits as long as it takes.",
                        "work folder: writable: /var/lib/bactrian");
    }

    @Test
    void whatHasNotAnsweredYetIsNotAskedAgain() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(checks.run().get(0).good()).isFalse();
        }
        assertThat(timesAsked).hasValue(1);

        answer.countDown();
        checks.close();
        checks = new TimedChecks(() -> preconditions, Duration.ofSeconds(20));
        assertThat(checks.run()).hasSize(2).allMatch(CheckResult::good);
        assertThat(checks.run()).hasSize(2).allMatch(CheckResult::good);
        assertThat(timesAsked).as("what has answered is asked anew").hasValue(3);
    }

    @Test
    void aSecondCallerIsRefusedUntilTheFirstHasAnAnswer() throws Exception {
        checks.close();
        checks = new TimedChecks(() -> preconditions, Duration.ofSeconds(20));
        CompletableFuture<List<CheckResult>> first = CompletableFuture.supplyAsync(() -> {
            try {
                return checks.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        asked.await();
        assertThatThrownBy(() -> checks.run()).isInstanceOf(CheckRunningException.class);

        answer.countDown();
        assertThat(first.get()).hasSize(2).allMatch(CheckResult::good);
        assertThat(checks.run()).hasSize(2);
    }
}
