/** The files of a Supabase project's Storage: which there are, and how their bytes come into an archive. */
@NullMarked
package dev.bactrian.supabase.storage;

import org.jspecify.annotations.NullMarked;
