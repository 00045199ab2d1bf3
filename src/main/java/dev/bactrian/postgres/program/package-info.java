/** PostgreSQL's client programs: finding them, starting them, and reading what they print. The only package that starts processes. */
@NullMarked
package dev.bactrian.postgres.program;

import org.jspecify.annotations.NullMarked;
