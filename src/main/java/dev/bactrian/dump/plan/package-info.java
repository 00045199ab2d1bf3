/** What a backup will hold of a database, and in which portions it is read. */
@NullMarked
package dev.bactrian.dump.plan;

import org.jspecify.annotations.NullMarked;
