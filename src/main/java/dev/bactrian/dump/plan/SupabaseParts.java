package dev.bactrian.dump.plan;

import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.selection.Selection;

/**
 * Which parts of a Supabase project a backup may save, beside the rows of its tables: those that are there, and that
 * nothing leaves out. None in another database.
 *
 * @param present whether the database is a Supabase project's
 * @param authUsers whether the users are to be saved in readable form
 * @param storage whether the files of Storage belong to the backup
 * @param vault whether the secrets of the vault belong to it
 */
public record SupabaseParts(boolean present, boolean authUsers, boolean storage, boolean vault) {

    public static SupabaseParts of(SupabaseTables found, Selection selection) {
        return new SupabaseParts(
                found.present(),
                found.authUsers() && selection.holdsData("auth", "users"),
                found.storage() && selection.holdsData("storage", "objects"),
                found.vault() && selection.holdsSchema("vault"));
    }
}
