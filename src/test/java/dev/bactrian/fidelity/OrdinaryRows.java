package dev.bactrian.fidelity;

import org.junit.jupiter.api.Test;

/** {@code whole/01-ordinary.sql}. */
interface OrdinaryRows extends Whole {

    @Test
    default void ordinaryRowsComeBack() {
        whole().comesBack("SELECT id, name FROM public.ordinary ORDER BY id");
    }
}
