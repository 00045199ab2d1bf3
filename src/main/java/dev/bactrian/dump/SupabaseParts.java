package dev.bactrian.dump;

import dev.bactrian.selection.Selection;
import java.util.Map;

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

    /** Of what {@code sql/detect-supabase.sql} found. */
    static SupabaseParts of(Map<String, Object> row, Selection selection) {
        return new SupabaseParts(
                flag(row, "present"),
                flag(row, "auth_users") && selection.holdsData("auth", "users"),
                flag(row, "storage") && selection.holdsData("storage", "objects"),
                flag(row, "vault") && selection.holdsSchema("vault"));
    }

    private static boolean flag(Map<String, Object> row, String column) {
        return Boolean.TRUE.equals(row.get(column));
    }
}
