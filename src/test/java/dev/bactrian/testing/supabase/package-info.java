/** A project as on Supabase: a real server with the platform's roles and schemas, and doubles of its Storage and extensions. */
package dev.bactrian.testing.supabase;
