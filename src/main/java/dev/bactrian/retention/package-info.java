/** Which backups are kept and which are deleted, and what has to be true before one is. */
@NullMarked
package dev.bactrian.retention;

import org.jspecify.annotations.NullMarked;
