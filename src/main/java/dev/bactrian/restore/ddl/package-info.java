/** Definitions as text: the entries of a dump and of its scripts, taken apart and renamed. */
@NullMarked
package dev.bactrian.restore.ddl;

import org.jspecify.annotations.NullMarked;
