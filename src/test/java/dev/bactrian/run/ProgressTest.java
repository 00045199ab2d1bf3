package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.run.LiveProgress.TableProgress;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a backup while it runs: nothing that isn't known. Public, for Camel reads it as the routes do. */
public class ProgressTest {

    private static final long SECOND = 1_000_000_000L;

    private final Progress progress = new Progress();
    private long begun;

    @BeforeEach
    void begin() {
        progress.expect(3, 10_000);
        begun = System.nanoTime();
    }

    @Test
    void whatIsLeftIsWhatTheTablesThatHaveNotEndedTakeOnDisk() {
        RunningTable orders = progress.begin("app.orders", 6000);
        move(orders, 1000);

        LiveProgress live = progress.lookAt(begun + 10 * SECOND);

        assertThat(live.bytesTotal()).isEqualTo(10_000);
        assertThat(live.bytesPerSecond()).isBetween(90L, 100L);
        assertThat(live.secondsLeft()).isBetween(90L, 100L);
        assertThat(live.runningTables()).containsExactly(new TableProgress("app.orders", 1000, 9));
    }

    /** Rows as text and rows on disk differ: each table that ends sets the estimate right. */
    @Test
    void aTableThatHasEndedCountsWithWhatItHad() {
        RunningTable orders = progress.begin("app.orders", 6000);
        move(orders, 2000);
        progress.done(orders);

        LiveProgress live = progress.lookAt(begun + 10 * SECOND);

        assertThat(live.bytesTotal()).isEqualTo(2000 + 4000);
        assertThat(live.runningTables()).isEmpty();
        assertThat(progress.getTablesDone()).isEqualTo(1);
    }

    @Test
    void nothingIsForetoldWhenTheEstimateIsUsedUp() {
        move(progress.begin("app.orders", 10_000), 12_000);

        LiveProgress live = progress.lookAt(begun + 10 * SECOND);

        assertThat(live.bytesTotal()).isNull();
        assertThat(live.secondsLeft()).isNull();
        assertThat(live.bytesPerSecond()).isPositive();
    }

    @Test
    void whoseBytesDoNotComeDoesNotEndAtAnyTime() {
        progress.begin("app.orders", 6000);

        LiveProgress live = progress.lookAt(begun + 10 * SECOND);

        assertThat(live.bytesPerSecond()).isZero();
        assertThat(live.secondsLeft()).isNull();
        assertThat(live.bytesTotal()).isEqualTo(10_000);
    }

    @Test
    void theFiveThatHaveRunForLongestAreShown() {
        for (int i = 1; i <= 7; i++) {
            progress.begin("app.t" + i, 1);
        }

        assertThat(progress.lookAt(begun + 10 * SECOND).runningTables())
                .extracting(TableProgress::table)
                .containsExactly("app.t1", "app.t2", "app.t3", "app.t4", "app.t5");
    }

    @Test
    void aTableIsShownOnceHoweverOftenItBegins() {
        RunningTable first = progress.begin("app.orders", 6000);

        assertThat(progress.begin("app.orders", 6000)).isSameAs(first);
    }

    @Test
    void theRowKeepsWhatTheApiShows() {
        LiveProgress live = new LiveProgress(10L, null, 3L, List.of(new TableProgress("a.\"b", 1, 2)));

        assertThat(LiveProgress.members(live.json()).toString())
                .isEqualTo(
                        "{bytes_total=10, bytes_per_second=null, seconds_left=3, running_tables=[{table=a.\"b, bytes=1, seconds=2}]}");
        assertThat(LiveProgress.members(null)).containsOnlyKeys(LiveProgress.MEMBERS);
        assertThat(LiveProgress.members("?").values()).containsOnlyNulls();
    }

    /** As sql/control/mark-progress.sql names it. */
    @Test
    void theHeartbeatReadsIt() throws IOException {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(this);

            assertThat(camel.resolveLanguage("simple")
                            .createExpression("${body.progress.live}")
                            .evaluate(exchange, String.class))
                    .startsWith("{\"bytes_total\":10000,");
        }
    }

    public Progress getProgress() {
        return progress;
    }

    private void move(RunningTable table, long bytes) {
        progress.moved(bytes);
        table.moved(bytes);
    }
}
