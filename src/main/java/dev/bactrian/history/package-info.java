/** The control database: where {@code backup_history} and its other tables are, and how they come to be. */
@NullMarked
package dev.bactrian.history;

import org.jspecify.annotations.NullMarked;
