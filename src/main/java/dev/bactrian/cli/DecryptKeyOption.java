package dev.bactrian.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The private key that opens encrypted archives, for commands that read them. */
final class DecryptKeyOption {

    @Option(
            names = "--decrypt-key",
            paramLabel = "FILE",
            description =
                    "The OpenPGP private key that opens an encrypted archive; its passphrase in BACKUP_DECRYPT_PASSPHRASE.")
    private @Nullable String file;

    /** What it means as settings. */
    Map<String, String> settings() {
        return file == null ? Map.of() : Map.of(SettingsLoader.DECRYPT_KEY + "_FILE", file);
    }
}
