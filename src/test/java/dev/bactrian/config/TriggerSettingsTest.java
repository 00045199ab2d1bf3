package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bactrian.problem.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings of GitHub's webhook, of browsers and of workers elsewhere. */
class TriggerSettingsTest {

    private static final String URL = "postgresql://backup:hush@db.example.com:5432/shop";
    private static final String SECRET = "hush-github-0123456789";

    private final Map<String, String> environment = new HashMap<>(
            Map.of("DATABASE_URL", URL, "BACKUP_API_KEY", "hush-key-0123456789abcdef", "S3_BUCKET", "archives"));

    @Test
    void nothingIsOnByItself() {
        Settings settings = read();

        assertThat(settings.github().secret()).isNull();
        assertThat(settings.functions().corsOrigins()).isEmpty();
        assertThat(settings.functions().externalTimeout()).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void branchesMeanTheDatabasesOfTheirNamesWhereTheseAreConfigured() {
        assertThat(read().github().branches()).isEqualTo(Map.of("main", "default", "dev", "default"));
        environment.put("DATABASE_URL_PROD", URL);
        assertThat(read().github().branches()).isEqualTo(Map.of("main", "prod", "dev", "default"));
        environment.put("DATABASE_URL_DEV", URL);
        assertThat(read().github().branches()).isEqualTo(Map.of("main", "prod", "dev", "dev"));
        environment.remove("DATABASE_URL");
        environment.remove("DATABASE_URL_DEV");
        environment.put("CONTROL_DATABASE_URL", URL);
        assertThat(read().github().branches()).isEqualTo(Map.of("main", "prod"));
    }

    @Test
    void otherBranchesMayMatter() {
        environment.put("DATABASE_URL_SHOP", URL);
        environment.put("GITHUB_BRANCHES", " release/1.x = shop, a=b=default ");

        assertThat(read().github().branches()).isEqualTo(Map.of("release/1.x", "shop", "a=b", "default"));
    }

    @Test
    void originsAreComparedInLowerCase() {
        environment.put("CORS_ORIGINS", "https://Dash.Example.com, http://localhost:5173,http://[::1]:80");

        assertThat(read().functions().corsOrigins())
                .containsExactlyInAnyOrder("https://dash.example.com", "http://localhost:5173", "http://[::1]:80");
    }

    @Test
    void everyErrorIsReportedAndNoSecret() {
        environment.putAll(Map.of(
                "GITHUB_WEBHOOK_SECRET", "hush-short",
                "GITHUB_BRANCHES", "main=prod,dev,dev=default,dev=default",
                "CORS_ORIGINS", "https://ok.example, dash.example.com, https://x.example/path, null",
                "BACKUP_EXTERNAL_TIMEOUT", "soon"));

        assertThat(catchThrowableOfType(ConfigurationException.class, this::read)
                        .errors())
                .containsExactlyInAnyOrder(
                        "GITHUB_WEBHOOK_SECRET is shorter than 16 characters. Set a longer one, for example the "
                                + "output of: openssl rand -hex 32",
                        "GITHUB_BRANCHES names the database prod, which isn't configured. Use one of: default.",
                        "GITHUB_BRANCHES isn't a list of branches and databases. Write it like main=prod,dev=dev.",
                        "GITHUB_BRANCHES names the branch dev twice. Keep one of the two.",
                        origin("dash.example.com"),
                        origin("https://x.example/path"),
                        origin("null"),
                        "BACKUP_EXTERNAL_TIMEOUT is soon. Write a time, for example 30s, 5m or 2h.")
                .noneMatch(error -> error.contains("hush"));
    }

    @Test
    void aWebhookThatCouldLeadToNothingIsAnError() {
        environment.remove("DATABASE_URL");
        environment.putAll(
                Map.of("DATABASE_URL_SHOP", URL, "CONTROL_DATABASE_URL", URL, "GITHUB_WEBHOOK_SECRET", SECRET));

        assertThat(catchThrowableOfType(ConfigurationException.class, this::read)
                        .errors())
                .singleElement()
                .asString()
                .contains("no database is named prod, dev or default", "main=shop");
    }

    /** On the machine that restores, what the service backs up needn't be configured. */
    @Test
    void whatTheServiceDoesWithOtherDatabasesIsNothingToARestore() {
        environment.remove("DATABASE_URL");
        environment.putAll(Map.of(
                "DATABASE_URL_TARGET",
                URL,
                "GITHUB_WEBHOOK_SECRET",
                SECRET,
                "GITHUB_BRANCHES",
                "main=prod",
                "BACKUP_CRON_PROD",
                "0 2 * * *"));

        assertThat(new SettingsReader(SettingSource.of(environment), true)
                        .readWithoutHistory()
                        .databases()
                        .names())
                .containsExactly("target");
        assertThat(catchThrowableOfType(ConfigurationException.class, this::read)
                        .errors())
                .anyMatch(error -> error.startsWith("GITHUB_BRANCHES"))
                .anyMatch(error -> error.startsWith("BACKUP_CRON_PROD"));
    }

    @Test
    void aFileThatIsNotThereIsNoSecret() {
        environment.put("GITHUB_WEBHOOK_SECRET_FILE", "/no/such/file");

        assertThat(catchThrowableOfType(ConfigurationException.class, this::read)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("GITHUB_WEBHOOK_SECRET can't be read from the file");
    }

    @Test
    void theSecretIsNotShown() {
        environment.put("GITHUB_WEBHOOK_SECRET", SECRET);

        assertThat(read().github().secret()).isEqualTo(SECRET);
        assertThat(read().github().toString()).doesNotContain("hush");
    }

    private static String origin(String origin) {
        return "CORS_ORIGINS names " + origin + ", which isn't an origin. Write only scheme, host and port, as in "
                + "https://dashboard.example.com, separated by commas; or * for every page.";
    }

    private Settings read() {
        return new SettingsReader(SettingSource.of(environment), true).read(true);
    }
}
