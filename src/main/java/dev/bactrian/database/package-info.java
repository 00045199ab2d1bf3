/** PostgreSQL servers: connection URLs, the snapshot session, the control database. */
@NullMarked
package dev.bactrian.database;

import org.jspecify.annotations.NullMarked;
