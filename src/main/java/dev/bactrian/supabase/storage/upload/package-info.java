/** The files' way back: from an archive into a Supabase project's Storage. */
@NullMarked
package dev.bactrian.supabase.storage.upload;

import org.jspecify.annotations.NullMarked;
