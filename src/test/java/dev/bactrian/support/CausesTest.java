package dev.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {

    private final IOException broken = new IOException("broken");
    private final RuntimeException outer = new IllegalStateException("failed", new RuntimeException("wrapped", broken));

    @Test
    void goesFromTheOutsideIn() {
        assertThat(Causes.of(outer)).extracting(Throwable::getMessage).containsExactly("failed", "wrapped", "broken");
        assertThat(Causes.innermost(outer)).isSameAs(broken);
        assertThat(Causes.innermost(broken)).isSameAs(broken);
        assertThat(Causes.of(null)).isEmpty();
    }

    @Test
    void findsTheOutermostOfAKind() {
        assertThat(Causes.first(outer, RuntimeException.class)).containsSame(outer);
        assertThat(Causes.first(outer, IOException.class)).containsSame(broken);
        assertThat(Causes.first(outer, InterruptedException.class)).isEmpty();
    }

    @Test
    void endsWhereExceptionsCauseEachOther() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(Causes.of(first)).contains(first, second).hasSizeLessThan(1000);
        assertThat(Causes.first(first, InterruptedException.class)).isEmpty();
    }
}
