package dev.bactrian.fidelity;

/**
 * Has a database whose parts must all come back, and be proven: {@code src/test/resources/fidelity/whole}. An interface
 * of tests for each of its scripts extends this; {@link WholeDatabase} has all of them.
 */
interface Whole {

    RestoredDatabase whole();
}
