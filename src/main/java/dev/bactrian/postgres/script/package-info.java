/** The scripts that pg_dump and pg_restore print, read piece by piece: rows of COPY, headers of objects, quotes. */
@NullMarked
package dev.bactrian.postgres.script;

import org.jspecify.annotations.NullMarked;
