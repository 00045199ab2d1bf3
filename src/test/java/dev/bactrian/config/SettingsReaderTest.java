package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.ArchiveSettings.Compressor;
import dev.bactrian.archive.ArchiveSettings.Format;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.run.Workers;
import dev.bactrian.selection.NamePattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting's default, form and error: a wrong configuration must end the start, completely and without secrets. */
class SettingsReaderTest {

    private static final String URL = "postgresql://backup:hush-password@db.example.com:5432/shop";
    private static final String KEY = "hush-key-0123456789abcdef";

    @TempDir
    private Path folder;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("DATABASE_URL", URL, "BACKUP_API_KEY", KEY, "S3_BUCKET", "archives"));

    @Test
    void whatAStoreTakesFollowsFromItsAddress() {
        assertThat(read().s3().limits()).isEqualTo(new S3Limits(false, 10_000L * (5L << 30)));
        environment.put("S3_ENDPOINT", "https://0123abc.eu.R2.cloudflarestorage.com");
        assertThat(read().s3().limits()).isEqualTo(new S3Limits(true, (5L << 40) - (5L << 30)));
        environment.put("S3_EQUAL_PARTS", "false");
        environment.put("S3_LARGEST_OBJECT", "1TB");
        assertThat(read().s3().limits()).isEqualTo(new S3Limits(false, 1L << 40));
    }

    @Test
    void everySettingHasItsDefault() {
        Settings settings = read();

        assertThat(settings.databases().names()).containsExactly("default");
        assertThat(settings.controlDatabase())
                .isEqualTo(settings.databases().get("default").url());
        assertThat(settings.apiKey()).isEqualTo(KEY);
        assertThat(settings.backupEnabled()).isTrue();
        assertThat(settings.s3())
                .isEqualTo(new S3Settings(
                        "archives",
                        "backups",
                        "us-east-1",
                        null,
                        false,
                        false,
                        S3ObjectSettings.PLAIN,
                        true,
                        null,
                        null));
        assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.managementPort()).isEqualTo(8081);
        assertThat(settings.workDir()).isEqualTo(Path.of("work").toAbsolutePath());
        assertThat(settings.pgBin()).isNull();
        assertThat(settings.parallelism())
                .isEqualTo(new Workers(Math.min(4, Runtime.getRuntime().availableProcessors()), 8));
        assertThat(settings.queue().maxConcurrent()).isEqualTo(1);
        assertThat(settings.tablesPerDump()).isEqualTo(2000);
        assertThat(settings.archive())
                .isEqualTo(new ArchiveSettings(Set.of(Format.TABLES), Compressor.AUTO, 1, 256L << 20, 4L << 30, 0));
        assertThat(settings.stallTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void everySettingIsRead() {
        environment.putAll(Map.of(
                "CONTROL_DATABASE_URL", "postgresql://owner:hush-control@control.example.com/history",
                "BACKUP_ENABLED", "FALSE",
                "S3_PREFIX", "/team/backups/",
                "S3_REGION", "eu-central-1",
                "S3_ENDPOINT", "https://s3.example.com:9000",
                "S3_PATH_STYLE", "true",
                "S3_CHECKSUMS", "when_required",
                "AWS_ACCESS_KEY_ID", "hush-id",
                "AWS_SECRET_ACCESS_KEY", "hush-secret"));
        environment.putAll(Map.of(
                "HTTP_PORT", "0",
                "HTTP_HOST", "0.0.0.0",
                "MANAGEMENT_PORT", "65535",
                "WORK_DIR", folder.resolve("a/../work").toString(),
                "PG_BIN", folder.toString(),
                "BACKUP_PARALLELISM", "64",
                "BACKUP_MAX_CONCURRENT", "3",
                "BACKUP_TABLES_PER_DUMP", "1",
                "BACKUP_SPOOL", "512MB",
                "SHUTDOWN_GRACE", "2m"));
        environment.putAll(Map.of(
                "BACKUP_FORMATS", "sql, dump",
                "BACKUP_SPLIT_ABOVE", "off",
                "BACKUP_COMPRESSION", "zlib",
                "BACKUP_COMPRESSION_LEVEL", "9",
                "BACKUP_UNCHANGED", "reuse",
                "BACKUP_FULL_EVERY", "14",
                "BACKUP_SHRINK_WARN", "50",
                "BACKUP_SHRINK_IGNORE", "app.cache*, *.tmp_?",
                "BACKUP_STALL_TIMEOUT", "45s"));

        Settings settings = read();

        assertThat(settings.shrink().percent()).isEqualTo(50);
        assertThat(settings.shrink().ignored()).extracting(NamePattern::text).containsExactly("app.cache*", "*.tmp_?");
        assertThat(settings.controlDatabase().host()).isEqualTo("control.example.com");
        assertThat(settings.backupEnabled()).isFalse();
        assertThat(settings.s3())
                .isEqualTo(new S3Settings(
                        "archives",
                        "team/backups",
                        "eu-central-1",
                        URI.create("https://s3.example.com:9000"),
                        true,
                        true,
                        S3ObjectSettings.PLAIN,
                        true,
                        "hush-id",
                        "hush-secret"));
        assertThat(settings.httpPort()).isZero();
        assertThat(settings.httpHost()).isEqualTo("0.0.0.0");
        assertThat(settings.managementPort()).isEqualTo(65_535);
        assertThat(settings.workDir()).isEqualTo(folder.resolve("work"));
        assertThat(settings.pgBin()).isEqualTo(folder);
        assertThat(settings.parallelism()).isEqualTo(Workers.fixed(64));
        assertThat(settings.queue().maxConcurrent()).isEqualTo(3);
        assertThat(settings.tablesPerDump()).isEqualTo(1);
        assertThat(settings.archive())
                .isEqualTo(new ArchiveSettings(
                        Set.of(Format.TABLES, Format.DUMP, Format.SQL), Compressor.ZLIB, 9, 512L << 20, 0, 14));
        assertThat(settings.stallTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DATABASE_URL           | mysql://u:p@h/d             | isn't a PostgreSQL URI",
                "DATABASE_URL           | postgresql://u:p@h:0/d      | A port is a number from 1 to 65535",
                "CONTROL_DATABASE_URL   | h/d                         | isn't a PostgreSQL URI",
                "BACKUP_API_KEY         | short                       | Set a longer one",
                "BACKUP_UNCHANGED       | yes                         | off",
                "BACKUP_FULL_EVERY      | 0                           | 1",
                "RESTORE_API_KEY        | short                       | Set a longer one",
                "BACKUP_ENABLED         | yes                         | Use one of: false, true.",
                "S3_BUCKET              | s3://archives               | without s3://",
                "S3_BUCKET              | archives/path               | without a path",
                "S3_BUCKET              | ab                          | Write only the name",
                "S3_PREFIX              | back ups                    | Use letters, digits",
                "S3_PREFIX              | /                           | Use letters, digits",
                "S3_PATH_STYLE          | 1                           | Use one of: false, true.",
                "S3_CHECKSUMS           | never                       | Use one of: when_required, when_supported.",
                "S3_ENDPOINT            | s3.example.com              | Write it as https://host",
                "S3_ENDPOINT            | https://id:key@s3.example   | Write it as https://host",
                "S3_ENDPOINT            | https://s3.example?x=y      | Write it as https://host",
                "S3_ENDPOINT            | https://s3 example.com      | Write it as https://host",
                "S3_ENDPOINT            | http://[::1                 | Write it as https://host",
                "S3_STORAGE_CLASS       | DEEP_ARCHIVE                | can't be restored immediately",
                "S3_SSE                 | aes                         | Use one of: none, AES256, aws:kms.",
                "S3_SSE_KMS_KEY_ID      | alias/backups               | Set S3_SSE=aws:kms",
                "S3_TAGS                | team                        | Write key=value",
                "S3_TAGS                | =data                       | Write key=value",
                "S3_TAGS                | aws:team=data               | not starting with aws:",
                "S3_TAGS                | team=data,team=ops          | each key once",
                "S3_TAGS                | team=a&b                    | that S3 would reject: team=a&b",
                "S3_TAGS                | a=,b=,c=,d=,e=,f=,g=,h=,i=,j=,k= | can have 10",
                "S3_LATEST              | symlink                     | Use one of: copy, pointer.",
                "S3_LARGEST_OBJECT      | 5 TiB                       | Write a size",
                "S3_LARGEST_OBJECT      | 49TB                        | Use a size from 1GB to 48TB",
                "S3_EQUAL_PARTS         | maybe                       | Use one of: false, true.",
                "HTTP_PORT              | 65536                       | Use a whole number from 0 to 65535.",
                "HTTP_PORT              | -1                          | Use a whole number from 0 to 65535.",
                "HTTP_PORT              | http                        | Use a whole number from 0 to 65535.",
                "MANAGEMENT_PORT        | 8081.5                      | Use a whole number from 0 to 65535.",
                "PG_BIN                 | /there/is/no/such/folder    | isn't a folder",
                "BACKUP_PARALLELISM     | 0                           | Use a whole number from 1 to 64.",
                "BACKUP_PARALLELISM     | 65                          | Use a whole number from 1 to 64.",
                "BACKUP_MAX_CONCURRENT  | 0                           | Use a whole number from 1 to 64.",
                "BACKUP_TABLES_PER_DUMP | 0                           | Use a whole number from 1 to 5000.",
                "BACKUP_TABLES_PER_DUMP | 99999999999                 | Use a whole number from 1 to 5000.",
                "BACKUP_FORMATS         | tables,zip                  | Use tables, dump and sql",
                "BACKUP_COMPRESSION     | zstd                        | Use one of: auto, isal, zlib.",
                "BACKUP_COMPRESSION_LEVEL | 0                         | Use a whole number from 1 to 9.",
                "BACKUP_SHRINK_WARN     | 101                         | from 0 to 100",
                "BACKUP_SHRINK_IGNORE   | app.cache, sessions         | The pattern sessions names no schema. Write schema.table",
                "BACKUP_SHRINK_IGNORE   | a.b.c                       | more than one dot",
                "BACKUP_STALL_TIMEOUT   | never                       | for example 30s",
                "BACKUP_SPOOL           | much                        | for example 512MB",
                "BACKUP_SPOOL           | 999999999999TB              | for example 512MB",
                "BACKUP_CRON            | 0 2 * * *                   | Write it in Quartz's form",
                "BACKUP_CRON            | 0 0 0 1 1 ? 2020            | has no time in the future",
                "BACKUP_CRON            | 0/30 * * * * ?              | has times that are less than a minute apart",
                "VERIFY_CRON            | * * * * * ?                 | has times that are less than a minute apart",
                "BACKUP_CRON_DEFAULT    | nightly                     | Or off for no schedule.",
                "BACKUP_TIMEZONE        | CEST                        | Write UTC, or a name like Europe/Berlin.",
                "BACKUP_TIMEZONE        | +01:00                      | Write UTC, or a name like Europe/Berlin.",
                "VERIFY_SKIP_VIEWS      | app.cache, sessions         | The pattern sessions names no schema. Write schema.table",
                "VERIFY_CRON            | 0 2 * * *                   | Write it in Quartz's form",
                "SHUTDOWN_GRACE         | 8                           | for example 30s",
                "SHUTDOWN_GRACE         | 999999999999h               | for example 30s",
            })
    void aWrongValueIsOneErrorThatNamesTheSettingAndTheRemedy(String name, String value, String remedy) {
        environment.put(name, value);

        assertThat(errors()).singleElement().asString().startsWith(name + " ").contains(remedy);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATABASE_URL", "BACKUP_API_KEY", "S3_BUCKET"})
    void whatIsMissingIsNamedWithTheRemedy(SettingName name) {
        environment.remove(name.name());

        assertThat(errors()).singleElement().asString().startsWith(name + " is not set. Set it to ");
    }

    @Test
    void everyErrorIsReportedAtOnce() {
        environment.clear();
        environment.putAll(Map.of(
                "DATABASE_URL", "nonsense",
                "DATABASE_URL_PROD", "postgresql://u:[YOUR-PASSWORD]@h/d",
                "DATABASE_URL_DEFAULT", URL,
                "BACKUP_API_KEY", "short",
                "BACKUP_ENABLED", "maybe",
                "S3_PREFIX", "a b",
                "AWS_ACCESS_KEY_ID", "id"));
        environment.putAll(Map.of(
                "HTTP_PORT", "x",
                "MANAGEMENT_PORT", "y",
                "PG_BIN", "/none",
                "BACKUP_PARALLELISM", "z",
                "BACKUP_MAX_CONCURRENT", "",
                "BACKUP_TABLES_PER_DUMP", "0",
                "BACKUP_SPOOL", "-",
                "SHUTDOWN_GRACE", "-"));
        environment.putAll(Map.of(
                "BACKUP_FORMATS", "-",
                "BACKUP_COMPRESSION", "-",
                "BACKUP_COMPRESSION_LEVEL", "-",
                "BACKUP_STALL_TIMEOUT", "-"));

        List<String> errors = errors();

        assertThat(errors.stream().map(error -> error.substring(0, error.indexOf(' '))))
                .containsExactlyInAnyOrder(
                        "DATABASE_URL",
                        "DATABASE_URL_PROD",
                        "DATABASE_URL_DEFAULT",
                        "BACKUP_API_KEY",
                        "BACKUP_ENABLED",
                        "S3_BUCKET",
                        "S3_PREFIX",
                        "AWS_SECRET_ACCESS_KEY",
                        "HTTP_PORT",
                        "MANAGEMENT_PORT",
                        "PG_BIN",
                        "BACKUP_PARALLELISM",
                        "BACKUP_TABLES_PER_DUMP",
                        "BACKUP_FORMATS",
                        "BACKUP_COMPRESSION",
                        "BACKUP_COMPRESSION_LEVEL",
                        "BACKUP_SPOOL",
                        "BACKUP_STALL_TIMEOUT",
                        "SHUTDOWN_GRACE");
        assertThat(errors).as("cause and remedy are two sentences").allMatch(error -> error.matches(".+\\. [A-Z].+"));
    }

    @Test
    void aDatabasesUrlMayComeFromAFile() throws IOException {
        environment.remove("DATABASE_URL");
        environment.put("DATABASE_URL_FILE", file(URL + "\n"));

        Settings settings = read();

        assertThat(settings.databases().names()).containsExactly("default");
        assertThat(settings.controlDatabase().password()).isEqualTo("hush-password");
    }

    @Test
    void everySecretMayComeFromAFile() throws IOException {
        environment.remove("BACKUP_API_KEY");
        environment.put("BACKUP_API_KEY_FILE", file(KEY + "\n"));
        environment.put("DATABASE_URL_PROD_FILE", file(URL.replace("shop", "prod")));
        environment.put("CONTROL_DATABASE_URL_FILE", file(URL.replace("shop", "control")));
        environment.put("AWS_ACCESS_KEY_ID_FILE", file("hush-id\r\n"));
        environment.put("AWS_SECRET_ACCESS_KEY_FILE", file("hush-secret\n"));

        Settings settings = read();

        assertThat(settings.apiKey()).isEqualTo(KEY);
        assertThat(settings.databases().get("prod").url().database()).isEqualTo("prod");
        assertThat(settings.controlDatabase().database()).isEqualTo("control");
        assertThat(settings.s3()).isNotNull();
        assertThat(settings.s3().accessKeyId()).isEqualTo("hush-id");
        assertThat(settings.s3().secretAccessKey()).isEqualTo("hush-secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DATABASE_URL",
                "DATABASE_URL_PROD",
                "CONTROL_DATABASE_URL",
                "BACKUP_API_KEY",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY"
            })
    void aSecretGivenTwiceIsReportedByItsName(String name) throws IOException {
        environment.put("AWS_ACCESS_KEY_ID", "hush-id");
        environment.put("AWS_SECRET_ACCESS_KEY", "hush-secret");
        environment.put(name, URL);
        environment.put(name + "_FILE", file("hush-file"));

        assertThat(errors())
                .anyMatch(error -> error.startsWith(name + " is set, and so is " + name + "_FILE."))
                .noneMatch(error -> error.contains("hush"));
    }

    @Test
    void aScheduleIsForEveryDatabaseThatHasNoneOfItsOwn() {
        environment.putAll(Map.of(
                "DATABASE_URL_PROD", URL,
                "DATABASE_URL_DEV", URL,
                "BACKUP_CRON", "0 0 2 * * ?",
                "BACKUP_CRON_PROD", "0 0 3 * * ?",
                "BACKUP_CRON_dev", "Off",
                "BACKUP_TIMEZONE", "Europe/Berlin"));

        assertThat(read().schedule())
                .isEqualTo(new ScheduleSettings(
                        ZoneId.of("Europe/Berlin"),
                        Map.of("default", new Cron("0 0 2 * * ?"), "prod", new Cron("0 0 3 * * ?"))));
    }

    @Test
    void withoutASettingThereIsNoSchedule() {
        assertThat(read().schedule()).isEqualTo(new ScheduleSettings(ZoneId.of("UTC"), Map.of()));
        environment.put("BACKUP_CRON", "off");
        assertThat(read().schedule().crons()).isEmpty();
    }

    @Test
    void aScheduleThatReachesNoDatabaseIsRefused() {
        environment.put("DATABASE_URL_PROD", URL);
        environment.put("BACKUP_CRON_PRDO", "0 0 3 * * ?");

        assertThat(errors())
                .containsExactly("BACKUP_CRON_PRDO names a database that isn't configured. It must end in one of: "
                        + "DEFAULT, PROD.");
    }

    @Test
    void databasesAreNamedByTheirVariables() {
        environment.put("DATABASE_URL_STAGING_2", URL);
        environment.put("DATABASE_URL_ANALYTICS", URL);

        assertThat(read().databases().all())
                .extracting(Database::name)
                .containsExactly("default", "analytics", "staging_2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DEFAULT", "default", "A-B", "A.B", "Ä", "A B", "A0123456789012345678901234567890123456789"})
    void aDatabasesNameThatNoRequestCouldUseIsRefused(String name) {
        environment.put("DATABASE_URL_" + name, URL);

        assertThat(errors()).singleElement().asString().startsWith("DATABASE_URL_" + name + " has an invalid name.");
    }

    /** Environments tell capitals apart, and database names don't: none may vanish behind the other. */
    @Test
    void twoDatabasesOfOneNameAreRefused() {
        environment.put("DATABASE_URL_PROD", URL);
        environment.put("DATABASE_URL_prod", URL.replace("shop", "other"));

        assertThat(errors()).singleElement().asString().contains("DATABASE_URL_prod", "prod");
    }

    @Test
    void supabasesOwnVariableStandsInForTheUrl() {
        environment.put("SUPABASE_DB_URL", URL.replace("shop", "supabase"));
        assertThat(read().databases().get("default").url().database()).isEqualTo("shop");

        environment.remove("DATABASE_URL");
        assertThat(read().databases().get("default").url().database()).isEqualTo("supabase");
    }

    @Test
    void aWrongUrlIsReportedUnderTheNameItWasSetBy() {
        environment.remove("DATABASE_URL");
        environment.put("SUPABASE_DB_URL", "nonsense");

        assertThat(errors()).singleElement().asString().startsWith("SUPABASE_DB_URL isn't");
    }

    @Test
    void namedDatabasesAloneNeedAControlDatabase() {
        environment.remove("DATABASE_URL");
        environment.put("DATABASE_URL_PROD", URL);
        assertThat(errors()).singleElement().asString().startsWith("CONTROL_DATABASE_URL is not set");

        environment.put("CONTROL_DATABASE_URL", URL);
        assertThat(read().databases().names()).containsExactly("prod");
    }

    @ParameterizedTest
    @CsvSource({"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID"})
    void halfACredentialIsAnErrorAndNotTheMachinesRole(String given, String missing) {
        environment.put(given, "hush-half");

        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith(missing + " is not set, but its other half is.")
                .doesNotContain("hush");
    }

    @Test
    void whoStoresElsewhereNeedsNoBucket() {
        environment.remove("S3_BUCKET");
        environment.put("S3_ENDPOINT", "nonsense");
        environment.put("S3_CHECKSUMS", "nonsense");

        assertThat(new SettingsReader(source(), false).read(true).s3()).isNull();
    }

    @Test
    void aCommandNeedsNoApiKey() {
        environment.remove("BACKUP_API_KEY");

        assertThat(new SettingsReader(source(), true).read(false).apiKey()).isNull();
    }

    /** Otherwise whoever may back up could restore. */
    @Test
    void theTwoKeysOfTheApiMustDiffer() {
        environment.put("RESTORE_API_KEY", KEY);
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("RESTORE_API_KEY is the same as BACKUP_API_KEY")
                .contains("Set it to a different key")
                .doesNotContain(KEY);

        environment.put("RESTORE_API_KEY", KEY + "-for-restores");
        assertThat(read().restoreKey()).isEqualTo(KEY + "-for-restores");

        environment.put("RESTORE_API_KEY", "");
        assertThat(read().restoreKey()).isNull();
    }

    @Test
    void noSecretIsInAnyErrorText() {
        environment.putAll(Map.of(
                "DATABASE_URL", "postgresql://backup:hush@hush@db/shop",
                "DATABASE_URL_A", "postgresql://backup:hush/hush@db/shop",
                "DATABASE_URL_B", "postgresql://backup:hush%zzhush@db/shop",
                "DATABASE_URL_C", "hush://backup:hush@db/shop",
                "DATABASE_URL_D", "postgresql://backup:hush@db/hush?hush@db",
                "DATABASE_URL_DEFAULT", URL,
                "CONTROL_DATABASE_URL", "postgresql://backup:hush#hush@db/shop",
                "BACKUP_API_KEY", "hush",
                "RESTORE_API_KEY", "hush",
                "AWS_SECRET_ACCESS_KEY", "hush"));

        ConfigurationException failure = failure();

        assertThat(failure.errors()).hasSize(11);
        assertThat(failure.getMessage()).doesNotContain("hush");
        assertThat(failure.toString()).doesNotContain("hush");
    }

    @Test
    void noSecretIsInAnySettingsText() {
        environment.put("AWS_ACCESS_KEY_ID", "hush-id");
        environment.put("AWS_SECRET_ACCESS_KEY", "hush-secret");
        Settings settings = read();

        assertThat(settings.toString()).doesNotContain("hush");
        assertThat(settings.s3()).hasToString("s3://archives/backups");
        assertThat(settings.databases().all().toString()).doesNotContain("hush").contains("db.example.com");
    }

    @Test
    void whatMustNotBeShownIsMarked() {
        assertThat(Arrays.stream(SettingName.values()).filter(SettingName::secret))
                .contains(
                        SettingName.DATABASE_URL,
                        SettingName.SUPABASE_DB_URL,
                        SettingName.CONTROL_DATABASE_URL,
                        SettingName.BACKUP_API_KEY,
                        SettingName.RESTORE_API_KEY,
                        SettingName.GITHUB_WEBHOOK_SECRET,
                        SettingName.AWS_ACCESS_KEY_ID,
                        SettingName.AWS_SECRET_ACCESS_KEY)
                .allMatch(name -> name.defaultValue() == null);
    }

    private Settings read() {
        return new SettingsReader(source(), true).read(true);
    }

    private ConfigurationException failure() {
        return catchThrowableOfType(ConfigurationException.class, this::read);
    }

    private List<String> errors() {
        return failure().errors();
    }

    private SettingSource source() {
        return SettingSource.of(environment, folder.resolve("none"));
    }

    private String file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "secret", ""), content)
                .toString();
    }
}
