/** The users of a Supabase project in a file that works alone: how it is written, and how it is read back. */
@NullMarked
package dev.bactrian.supabase.auth;

import org.jspecify.annotations.NullMarked;
