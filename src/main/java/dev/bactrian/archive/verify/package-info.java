/** Checking a whole archive against its manifest, without a database. */
@NullMarked
package dev.bactrian.archive.verify;

import org.jspecify.annotations.NullMarked;
