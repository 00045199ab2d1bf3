/** An archive's entries as files in a folder. */
@NullMarked
package dev.bactrian.restore.unpack;

import org.jspecify.annotations.NullMarked;
