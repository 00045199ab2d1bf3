/** Rows, sequences, large objects and jobs on their way into the target. */
@NullMarked
package dev.bactrian.restore.rows;

import org.jspecify.annotations.NullMarked;
