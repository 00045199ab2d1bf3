package dev.bactrian.config;

import static dev.bactrian.config.SettingName.*;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.ArchiveSettings.Compressor;
import dev.bactrian.archive.ArchiveSettings.Format;
import dev.bactrian.history.HistorySchema;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.run.Workers;
import dev.bactrian.support.Units;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a {@link SettingSource} into {@link Settings}, and reports everything that is wrong at once. */
public final class SettingsReader extends SettingValues {

    private static final int MOST_PARALLEL = 64;
    /** So many pg_dump at once as the database's distance asks for: up to this near it, up to that far away. */
    private static final String AUTO = "auto";

    private static final int MOST_NEAR = 4;
    private static final int MOST_FAR = 8;
    private static final int HIGHEST_COMPRESSION = 9;
    /** Their names, of 63 bytes at the most but quoted, must fit on a command line. */
    private static final int MOST_TABLES_PER_DUMP = 5_000;

    private static final int MOST_BACKUPS = 1_000;

    private static final int MOST_CONNECTIONS = 10_000;
    private static final int MOST_WAITING = 10_000;
    private static final int MAX_PORT = 65_535;
    /** Of the database that stands for none: nobody listens there. */
    static final int NO_PORT = 1;

    private final boolean storesToS3;
    private boolean needsHistory = true;
    private boolean needsDatabase = true;

    /**
     * Prepares a reader.
     *
     * @param storesToS3 whether the routes use S3, so that its settings are needed
     */
    public SettingsReader(SettingSource source, boolean storesToS3) {
        super(source);
        this.storesToS3 = storesToS3;
    }

    /** As {@link #read(boolean)}, for commands that keep no history and so need no control database. */
    public Settings readWithoutHistory() {
        needsHistory = false;
        return read(false);
    }

    /** As {@link #readWithoutHistory}, for commands that need no database at all. */
    public Settings readWithoutDatabases() {
        needsDatabase = false;
        return readWithoutHistory();
    }

    /**
     * Reads all settings.
     *
     * @param needsApiKey whether the HTTP API will be served
     * @throws ConfigurationException with every error found
     */
    public Settings read(boolean needsApiKey) {
        List<Database> databases =
                new FilterSettings(source, errors).applyTo(new ProjectSettings(source, errors).applyTo(databases()));
        S3SettingsReader s3 = new S3SettingsReader(source, errors);
        String prefix = s3.keyPrefix();
        String apiKey = apiKey(needsApiKey);
        DatabaseUrl control = controlDatabase(databases);
        Workers wanted = parallelism();
        int pool = number(SUPABASE_POOL_SIZE, 1, MOST_CONNECTIONS);
        ConnectionBudget connections = new ConnectionBudget(pool, wanted.near(), control);
        int most = new ConnectionBudget(pool, wanted.most(), control).parallelism(databases);
        // What a service does with databases that a restore needn't know is nothing to a restore.
        List<String> ofService = needsHistory ? errors : new ArrayList<>();
        Settings settings = new Settings(
                new Databases(databases),
                control,
                parsed(HISTORY_SCHEMA, HistorySchema::parse).orElse(HistorySchema.PUBLIC),
                apiKey,
                restoreKey(apiKey),
                flag(BACKUP_ENABLED),
                storesToS3 ? s3.read(prefix) : null,
                prefix,
                text(HTTP_HOST),
                number(HTTP_PORT, 0, MAX_PORT),
                number(MANAGEMENT_PORT, 0, MAX_PORT),
                Path.of(text(WORK_DIR)).toAbsolutePath().normalize(),
                pgBin(),
                new Workers(Math.min(wanted.near(), most), most),
                connections,
                new QueueSettings(
                        number(BACKUP_MAX_CONCURRENT, 1, MOST_PARALLEL),
                        number(BACKUP_QUEUE_LIMIT, 1, MOST_WAITING),
                        number(BACKUP_RATE_LIMIT, 1, MOST_WAITING)),
                number(BACKUP_TABLES_PER_DUMP, 1, MOST_TABLES_PER_DUMP),
                archive(),
                flag(BACKUP_READ_BACK),
                SupabaseSettings.read(source, errors),
                FileSettings.read(source, databases.stream().map(Database::name).toList(), errors),
                EncryptionSettings.read(source, errors),
                SigningSettings.read(source, errors),
                VerifySettings.read(source, errors),
                NotifySettings.read(
                        source, databases.stream().map(Database::name).toList(), errors),
                GithubSettings.read(source, databases, ofService),
                FunctionSettings.read(source, errors),
                RetentionSettings.read(source, errors),
                ScheduleSettings.read(source, databases, ofService),
                ShrinkSettings.read(source, errors),
                parsed(BACKUP_STALL_TIMEOUT, Units::duration).orElse(Duration.ZERO),
                parsed(BACKUP_RESTORE_WAIT, Units::duration).orElse(Duration.ZERO),
                parsed(SHUTDOWN_GRACE, Units::duration).orElse(Duration.ZERO));
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
        return settings;
    }

    private List<Database> databases() {
        List<Database> databases = new ArrayList<>();
        String plain = secret(DATABASE_URL).isPresent() ? DATABASE_URL.name() : SUPABASE_DB_URL.name();
        url(plain).ifPresent(url -> databases.add(new Database("default", url)));
        for (String variable : source.namesStartingWith("DATABASE_URL_")) {
            String name = variable.substring("DATABASE_URL_".length()).toLowerCase(Locale.ROOT);
            if ("file".equals(name)) {
                continue;
            }
            if (!name.matches("[a-z0-9_]{1,40}") || "default".equals(name)) {
                errors.add(variable + " has an invalid name. Use letters, digits and underscores; plain DATABASE_URL "
                        + "is the database named default.");
                continue;
            }
            if (databases.stream().anyMatch(database -> database.name().equals(name))) {
                errors.add(variable + " names the database " + name + ", and so does another variable. Remove one of "
                        + "them.");
                continue;
            }
            url(variable).ifPresent(url -> databases.add(new Database(name, url)));
        }
        if (needsDatabase && databases.isEmpty() && errors.isEmpty()) {
            errors.add("DATABASE_URL is not set. Set it to the database to back up: "
                    + "postgresql://user:password@host:5432/database?sslmode=require.");
        }
        return databases;
    }

    private DatabaseUrl controlDatabase(List<Database> databases) {
        Optional<DatabaseUrl> own = url(CONTROL_DATABASE_URL.name());
        if (own.isPresent()) {
            return own.get();
        }
        Optional<Database> plain = databases.stream()
                .filter(database -> "default".equals(database.name()))
                .findFirst();
        if (needsHistory && plain.isEmpty() && !databases.isEmpty() && errors.isEmpty()) {
            errors.add("CONTROL_DATABASE_URL is not set, and there is no plain DATABASE_URL to keep the history in. "
                    + "Set it to the database for backup_history.");
        }
        return plain.map(Database::url)
                .orElseGet(() -> new DatabaseUrl("localhost", NO_PORT, "none", "none", "", java.util.Map.of()));
    }

    private ArchiveSettings archive() {
        return new ArchiveSettings(
                formats(),
                Compressor.valueOf(oneOf(BACKUP_COMPRESSION, Set.of("auto", "isal", "zlib"), "auto")
                        .toUpperCase(Locale.ROOT)),
                number(BACKUP_COMPRESSION_LEVEL, 1, HIGHEST_COMPRESSION),
                parsed(BACKUP_SPOOL, Units::bytes).orElse(0L),
                parsed(BACKUP_SPLIT_ABOVE, text -> "off".equalsIgnoreCase(text) ? 0L : Units.bytes(text))
                        .orElse(0L),
                fullEvery());
    }

    private int fullEvery() {
        int every = number(BACKUP_FULL_EVERY, 1, MOST_BACKUPS);
        if (!"reuse".equals(oneOf(BACKUP_UNCHANGED, Set.of("off", "reuse"), "off"))) {
            return 0;
        }
        if (source.get(BACKUP_ENCRYPT_TO.name()).isPresent()) {
            errors.add(
                    "BACKUP_UNCHANGED=reuse doesn't work with BACKUP_ENCRYPT_TO: nothing can be copied out of an encrypted "
                            + "archive. Set BACKUP_UNCHANGED=off.");
        }
        return every;
    }

    private Set<Format> formats() {
        Set<Format> formats = EnumSet.of(Format.TABLES);
        for (String name : text(BACKUP_FORMATS).split(",", -1)) {
            try {
                formats.add(Format.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                errors.add(BACKUP_FORMATS + " names a format " + name.strip() + ", which doesn't exist. "
                        + "Use tables, dump and sql, separated by commas.");
            }
        }
        return formats;
    }

    private @Nullable Path pgBin() {
        Optional<Path> folder = source.get(PG_BIN.name()).map(Path::of);
        if (folder.isPresent() && !Files.isDirectory(folder.get())) {
            errors.add("PG_BIN names " + folder.get() + ", which isn't a folder. Set it to the folder that contains "
                    + "pg_dump, or remove it to search the usual places.");
        }
        return folder.map(Path::toAbsolutePath).orElse(null);
    }

    private Workers parallelism() {
        if (AUTO.equals(text(BACKUP_PARALLELISM))) {
            int cores = Runtime.getRuntime().availableProcessors();
            return new Workers(Math.min(MOST_NEAR, cores), MOST_FAR);
        }
        return Workers.fixed(number(BACKUP_PARALLELISM, 1, MOST_PARALLEL));
    }
}
