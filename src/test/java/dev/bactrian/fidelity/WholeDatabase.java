package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** All parts of {@link Whole}, on one version. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WholeDatabase
        implements Operators,
                OrdinaryRows,
                ScatteredPartitions,
                Texts,
                ExtensionMembers,
                PublicSchema,
                DatabaseItself,
                ViewsByText,
                EventTriggersOfTheSource {

    private final RestoredDatabase whole;

    WholeDatabase(PostgresServer server) {
        this.whole = RestoredDatabase.of(server, "whole");
    }

    @Override
    public final RestoredDatabase whole() {
        return whole;
    }

    @Test
    void allOfItIsRestored() {
        assertThat(whole.restore().exit())
                .as(RestoredDatabase.said(whole.restore()))
                .isZero();
    }

    @Test
    void allOfItIsProven() {
        assertThat(whole.verify().exit())
                .as(RestoredDatabase.said(whole.verify()))
                .isZero();
        assertThat(whole.verify().out()).contains("proven");
    }
}
