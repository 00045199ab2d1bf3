package dev.bactrian.cli;

import dev.bactrian.config.SettingName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Keys of commands that read archives: the private one that opens encrypted ones, and public ones that must have signed them. */
final class DecryptKeyOption {

    @Option(
            names = "--decrypt-key",
            paramLabel = "FILE",
            description = "The OpenPGP private key that decrypts the archive; its passphrase is read from "
                    + "BACKUP_DECRYPT_PASSPHRASE.")
    private @Nullable String file;

    @Option(
            names = "--verify-key",
            paramLabel = "FILE|PEM",
            description =
                    "Refuse an archive that isn't signed by this Ed25519 public key (a file, or the key itself); if "
                            + "repeated, by one of them. (RESTORE_VERIFY_KEY)")
    private List<String> verifyKeys = List.of();

    /** What they mean as settings. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        if (file != null) {
            settings.put(SettingsLoader.DECRYPT_KEY + "_FILE", file);
        }
        if (!verifyKeys.isEmpty()) {
            settings.put(SettingName.RESTORE_VERIFY_KEY.name(), String.join("\n", verifyKeys));
        }
        return settings;
    }
}
