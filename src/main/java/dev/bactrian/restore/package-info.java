/** A restore: what was asked for, its plan, its run, its target and its report. */
@NullMarked
package dev.bactrian.restore;

import org.jspecify.annotations.NullMarked;
