/** Connection URIs as libpq has them, the databases of the configuration, and what is Supabase's about an address. */
@NullMarked
package dev.bactrian.postgres.url;

import org.jspecify.annotations.NullMarked;
