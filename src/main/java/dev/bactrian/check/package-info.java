/** Whether everything is there that a backup needs. */
@NullMarked
package dev.bactrian.check;

import org.jspecify.annotations.NullMarked;
