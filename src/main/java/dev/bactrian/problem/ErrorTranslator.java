package dev.bactrian.problem;

import java.util.Optional;

/** Knows what one kind of exception means to the person who runs the backups. */
@FunctionalInterface
public interface ErrorTranslator {

    /** What happened, or nothing when this exception isn't of a kind this translator knows. Never shows a secret. */
    Optional<Problem> explain(Throwable failure);

    /** Whether what it knows is the store's fault, or the way to it. */
    default boolean isOfStore() {
        return false;
    }
}
