/** Where a restore finds its archive, and whether it is the one that was asked for. */
@NullMarked
package dev.bactrian.restore.source;

import org.jspecify.annotations.NullMarked;
