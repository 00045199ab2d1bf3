/** Bactrian: backups of PostgreSQL and Supabase to S3, told by the Camel routes in {@code routes/}. */
@NullMarked
package dev.bactrian;

import org.jspecify.annotations.NullMarked;
