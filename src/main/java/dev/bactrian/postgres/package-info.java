/** Sessions of PostgreSQL servers: their settings, snapshots, locks and errors. */
@NullMarked
package dev.bactrian.postgres;

import org.jspecify.annotations.NullMarked;
