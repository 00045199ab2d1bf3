/** What a backup reads of a database, on its way into the archive. */
@NullMarked
package dev.bactrian.dump;

import org.jspecify.annotations.NullMarked;
