/** pg_dump and its siblings: starting them, and cutting their output into tables. */
@NullMarked
package dev.bactrian.dump;

import org.jspecify.annotations.NullMarked;
