package dev.bactrian.postgres;

import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import java.util.Map;

/**
 * Which parts of a Supabase project a database has. The owners of {@code auth.users}, {@code storage.buckets} and {@code
 * storage.objects} tell them from tables of the same names that other applications have; the setting {@code SUPABASE} has
 * the last word.
 *
 * @param authUsers whether {@code auth.users} is the project's
 * @param storage whether {@code storage.buckets} and {@code storage.objects} are
 * @param vault whether there is a vault in it
 * @param others tables of these names that count for nothing, each with its owner; empty when there are none
 */
public record SupabaseTables(boolean authUsers, boolean storage, boolean vault, String others) {

    /** Of a database that has none of them. */
    public static final SupabaseTables NONE = new SupabaseTables(false, false, false, "");

    /** Of the row that {@code sql/backup/detect-supabase.sql} answers. */
    public static SupabaseTables of(Map<String, ?> row, Recognition recognition) {
        boolean users = flag(row, recognition == Recognition.YES ? "users_table" : "users_owned");
        boolean storage = flag(row, recognition == Recognition.YES ? "storage_tables" : "storage_owned");
        boolean counts = recognition != Recognition.NO;
        return new SupabaseTables(
                users && counts,
                storage && counts,
                (users || storage) && counts && flag(row, "vault"),
                recognition == Recognition.AUTO ? String.valueOf(row.get("others")) : "");
    }

    private static boolean flag(Map<String, ?> row, String column) {
        return Boolean.TRUE.equals(row.get(column));
    }

    /** Whether the database is a Supabase project's. */
    public boolean present() {
        return authUsers || storage;
    }
}
