package dev.bactrian.cli;

import dev.bactrian.config.RouteFiles;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.problem.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the settings of this installation: the environment, and the files beside the launcher. */
final class SettingsLoader {

    private static final Path PROPERTIES = Path.of("config/application.properties");
    static final String DECRYPT_KEY = "BACKUP_DECRYPT_KEY";

    private SettingsLoader() {}

    /** Reads them; throws {@link ConfigurationException} with everything that is wrong. */
    static Settings load(boolean needsApiKey) {
        return read(SettingSource.of(System.getenv(), PROPERTIES), needsApiKey);
    }

    /**
     * Reads them for a command that reads archives and keeps no history.
     *
     * @param own settings of the command line, which win
     * @param fromStore whether the archive lies in the store
     */
    static Settings loadForArchives(Map<String, String> own, boolean fromStore) {
        return new SettingsReader(with(own), fromStore && storesToS3()).readWithoutHistory();
    }

    /**
     * Reads them for a command that reads archives and no database.
     *
     * @param own settings of the command line, which win
     * @param fromStore whether the archive lies in the store
     */
    static Settings loadWithoutDatabases(Map<String, String> own, boolean fromStore) {
        return new SettingsReader(with(own), fromStore && storesToS3()).readWithoutDatabases();
    }

    /** Refuses a name of the command line that no database has. */
    static void requireDatabases(Settings settings, Collection<String> names) {
        for (String name : names) {
            if (settings.databases().find(name).isEmpty()) {
                throw new ConfigurationException(List.of(settings.databases().unknown(name)));
            }
        }
    }

    private static SettingSource with(Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (own.containsKey(DECRYPT_KEY + "_FILE")) {
            environment.remove(DECRYPT_KEY);
        }
        environment.putAll(own);
        return SettingSource.of(environment, PROPERTIES);
    }

    /** These alone: neither the environment nor the properties file has a say. */
    static Settings only(Map<String, String> settings) {
        return read(SettingSource.of(settings), true);
    }

    private static Settings read(SettingSource source, boolean needsApiKey) {
        return new SettingsReader(source, storesToS3()).read(needsApiKey);
    }

    /** Whoever replaced the storing routes needs no bucket. */
    private static boolean storesToS3() {
        try {
            for (Path file : RouteFiles.all()) {
                if (Files.readString(file).contains("{{S3_BUCKET}}")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("A file of routes/ can't be read", e);
        }
    }
}
