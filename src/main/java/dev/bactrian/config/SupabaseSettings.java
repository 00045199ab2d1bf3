package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_AUTH_USERS;
import static dev.bactrian.config.SettingName.BACKUP_STORAGE;
import static dev.bactrian.config.SettingName.BACKUP_VAULT;
import static dev.bactrian.config.SettingName.SUPABASE_S3_ACCESS_KEY_ID;
import static dev.bactrian.config.SettingName.SUPABASE_S3_ENDPOINT;
import static dev.bactrian.config.SettingName.SUPABASE_S3_REGION;
import static dev.bactrian.config.SettingName.SUPABASE_S3_SECRET_ACCESS_KEY;
import static dev.bactrian.config.SettingName.SUPABASE_SERVICE_ROLE_KEY;
import static dev.bactrian.config.SettingName.SUPABASE_STORAGE;
import static dev.bactrian.config.SettingName.SUPABASE_URL;

import java.util.List;

/**
 * What backups save of a Supabase project beside its tables.
 *
 * @param authUsers the users in readable form
 * @param storage the files of Storage
 * @param vault the secrets of the vault, where archives are encrypted
 */
public record SupabaseSettings(boolean authUsers, boolean storage, boolean vault) {

    /**
     * The settings that hold for one database each: for {@code default}, and with its name at their end for another. {@code
     * SUPABASE} is one, too; but other programs have variables that begin so, and those aren't misspelled names of databases.
     */
    static final List<SettingName> OF_A_DATABASE = List.of(
            SUPABASE_URL,
            SUPABASE_SERVICE_ROLE_KEY,
            SUPABASE_STORAGE,
            SUPABASE_S3_ENDPOINT,
            SUPABASE_S3_REGION,
            SUPABASE_S3_ACCESS_KEY_ID,
            SUPABASE_S3_SECRET_ACCESS_KEY);

    /** Reads them; adds what is wrong to the errors. */
    static SupabaseSettings read(SettingSource source, List<String> errors) {
        SettingValues values = new SettingValues(source, errors);
        return new SupabaseSettings(
                values.flag(BACKUP_AUTH_USERS), values.flag(BACKUP_STORAGE), values.flag(BACKUP_VAULT));
    }
}
