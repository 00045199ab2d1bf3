/** The proof that the rows of a table are those of an earlier backup, without reading them again (ADR 0057). */
@NullMarked
package dev.bactrian.unchanged;

import org.jspecify.annotations.NullMarked;
