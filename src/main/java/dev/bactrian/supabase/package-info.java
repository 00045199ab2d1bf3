/** What a Supabase project holds beside its tables: users, and files of Storage. */
@NullMarked
package dev.bactrian.supabase;

import org.jspecify.annotations.NullMarked;
