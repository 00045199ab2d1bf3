/** The database that is restored into: what it has, its mark, and what others have put there. */
@NullMarked
package dev.bactrian.restore.target;

import org.jspecify.annotations.NullMarked;
