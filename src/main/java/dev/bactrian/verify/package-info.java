/** Proof that a database holds what an archive holds, by a restore into a scratch database. */
@NullMarked
package dev.bactrian.verify;

import org.jspecify.annotations.NullMarked;
