/** Putting an archive back into a database, and proving that what came back is what was saved. */
@NullMarked
package dev.bactrian.restore;

import org.jspecify.annotations.NullMarked;
