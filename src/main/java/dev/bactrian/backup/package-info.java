/** One running backup: what flows through the routes from the claimed row to its end. */
@NullMarked
package dev.bactrian.backup;

import org.jspecify.annotations.NullMarked;
