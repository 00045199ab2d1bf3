/** Proof that an archive is whole, and that a database holds what an archive holds. */
@NullMarked
package dev.bactrian.verify;

import org.jspecify.annotations.NullMarked;
