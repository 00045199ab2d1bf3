package dev.bactrian.config;

import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.encryption.Recipients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom archives are encrypted for, and what opens them.
 *
 * @param recipients null when archives aren't encrypted
 * @param key opens encrypted archives to be restored or verified; null where there is none, as it should be where only
 *     backups are made
 */
public record EncryptionSettings(@Nullable Recipients recipients, @Nullable DecryptionKey key) {

    private static final String ARMOUR = "-----BEGIN PGP";

    /** Reads them; adds what is wrong to the errors. */
    static EncryptionSettings read(SettingSource source, List<String> errors) {
        return new EncryptionSettings(recipients(source, errors), key(source, errors));
    }

    public boolean isOn() {
        return recipients != null;
    }

    private static @Nullable Recipients recipients(SettingSource source, List<String> errors) {
        String name = SettingName.BACKUP_ENCRYPT_TO.name();
        Optional<String> value = source.get(name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            byte[] keys = value.get().startsWith(ARMOUR)
                    ? value.get().getBytes(StandardCharsets.UTF_8)
                    : Files.readAllBytes(Path.of(value.get()));
            return Recipients.of(keys, Instant.now());
        } catch (IOException e) {
            errors.add(name + " names a file that can't be read (" + value.get()
                    + "). Set it to the file of an OpenPGP public key, or to the armored key itself.");
        } catch (IllegalArgumentException e) {
            errors.add(name + " " + e.getMessage());
        }
        return null;
    }

    private static @Nullable DecryptionKey key(SettingSource source, List<String> errors) {
        String passphrase = new SettingValues(source, errors)
                .secret(SettingName.BACKUP_DECRYPT_PASSPHRASE)
                .orElse(null);
        try {
            Optional<byte[]> key = source.secretBytes(SettingName.BACKUP_DECRYPT_KEY.name());
            return key.isEmpty() ? null : DecryptionKey.of(key.get(), passphrase);
        } catch (IllegalArgumentException e) {
            errors.add(SettingName.BACKUP_DECRYPT_KEY + " " + e.getMessage());
            return null;
        }
    }
}
