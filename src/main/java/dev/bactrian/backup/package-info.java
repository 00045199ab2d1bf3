/** One backup, from its claimed row to its end, and what the history says of it. */
@NullMarked
package dev.bactrian.backup;

import org.jspecify.annotations.NullMarked;
