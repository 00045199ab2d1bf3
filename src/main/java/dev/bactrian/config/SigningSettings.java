package dev.bactrian.config;

import dev.bactrian.signing.PublicKeys;
import dev.bactrian.signing.SigningKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What manifests are signed with, and whose signatures archives must have to be restored or verified.
 *
 * @param key null when manifests aren't signed
 * @param required where there is one, an archive that isn't signed by one of them is refused; without any, none has to be signed
 */
public record SigningSettings(@Nullable SigningKey key, PublicKeys required) {

    /** Reads them; adds what is wrong to the errors. */
    static SigningSettings read(SettingSource source, List<String> errors) {
        return new SigningSettings(key(source, errors), required(source, errors));
    }

    /** Keys whose signatures say where an archive comes from, whether they have to be there or not. */
    public PublicKeys trusted() {
        return key == null ? required : required.and(key);
    }

    private static @Nullable SigningKey key(SettingSource source, List<String> errors) {
        try {
            Optional<byte[]> key = source.secretBytes(SettingName.BACKUP_SIGN_KEY.name());
            return key.isEmpty() ? null : SigningKey.of(key.get());
        } catch (IllegalArgumentException e) {
            errors.add(SettingName.BACKUP_SIGN_KEY + " " + e.getMessage());
            return null;
        }
    }

    private static PublicKeys required(SettingSource source, List<String> errors) {
        Optional<String> keys = source.get(SettingName.RESTORE_VERIFY_KEY.name());
        try {
            return keys.isEmpty() ? PublicKeys.NONE : PublicKeys.of(keys.get());
        } catch (IllegalArgumentException e) {
            errors.add(SettingName.RESTORE_VERIFY_KEY + " " + e.getMessage());
            return PublicKeys.NONE;
        }
    }
}
