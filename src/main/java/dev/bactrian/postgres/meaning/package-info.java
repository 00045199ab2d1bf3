/** What definitions mean: the functions and operators that they use, whatever their text is. */
@NullMarked
package dev.bactrian.postgres.meaning;

import org.jspecify.annotations.NullMarked;
