/** What went wrong, in words that a person can act on: cause, consequence, remedy. */
@NullMarked
package dev.bactrian.problem;

import org.jspecify.annotations.NullMarked;
