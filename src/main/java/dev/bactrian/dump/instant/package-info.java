/** Whether what a backup reads is what its snapshot saw, though names, files and labels follow no snapshot. */
@NullMarked
package dev.bactrian.dump.instant;

import org.jspecify.annotations.NullMarked;
