/** Making what the dump defines in the target. */
@NullMarked
package dev.bactrian.restore.definitions;

import org.jspecify.annotations.NullMarked;
