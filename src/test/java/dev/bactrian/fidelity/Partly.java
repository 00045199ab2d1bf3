package dev.bactrian.fidelity;

/**
 * Has a database of which some parts can't come back, each of which the restore names, so that nothing is proven:
 * {@code src/test/resources/fidelity/partly}. An interface of tests for each of its scripts extends this; {@link
 * PartlyDatabase} has all of them.
 */
interface Partly {

    RestoredDatabase partly();
}
