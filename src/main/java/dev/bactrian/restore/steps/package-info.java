/** The steps of a restore as the routes name them, from opening the target to the proof that it is whole. */
@NullMarked
package dev.bactrian.restore.steps;

import org.jspecify.annotations.NullMarked;
