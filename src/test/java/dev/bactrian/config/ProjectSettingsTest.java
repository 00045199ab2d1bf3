package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseProject;
import dev.bactrian.postgres.url.SupabaseProject.Access;
import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import dev.bactrian.problem.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectSettingsTest {

    private static final String PROJECT =
            "postgresql://postgres.abcdefghijklmnopqrst:b@aws-0-eu-west-1.pooler.supabase.com:5432/postgres";
    private static final String SECRET = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";

    private static Map<String, String> settings(String... more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "DATABASE_URL", "postgresql://a:b@localhost/shop",
                "DATABASE_URL_PROD", "postgresql://a:b@localhost/prod",
                "BACKUP_API_KEY", "k".repeat(32)));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return values;
    }

    private static Settings read(String... more) {
        return new SettingsReader(SettingSource.of(settings(more)), false).read(true);
    }

    private static SupabaseProject project(Settings settings, String database) {
        return settings.databases().find(database).map(Database::project).orElseThrow();
    }

    private static String jwt(String role) {
        return "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(("{\"role\":\"" + role + "\"}").getBytes(StandardCharsets.UTF_8))
                + ".c2ln";
    }

    @Test
    void eachDatabaseHasItsOwnProject() {
        Settings settings = read(
                "SUPABASE_URL",
                "https://abcdefghijklmnopqrst.supabase.co/",
                "SUPABASE_SERVICE_ROLE_KEY",
                SECRET,
                "SUPABASE_SERVICE_ROLE_KEY_PROD",
                jwt("service_role"));

        assertThat(project(settings, "default").url()).hasToString("https://abcdefghijklmnopqrst.supabase.co");
        assertThat(project(settings, "default").key()).isEqualTo(SECRET);
        assertThat(project(settings, "prod").url()).isNull();
        assertThat(project(settings, "prod").key()).isEqualTo(jwt("service_role"));
        assertThat(settings.databases().all()).asString().doesNotContain(SECRET, jwt("service_role"));
    }

    @Test
    void whetherADatabaseIsAProjectsIsSaidForEach() {
        Settings settings = read("SUPABASE", "No", "SUPABASE_PROD", "yes");
        assertThat(project(settings, "default").recognition()).isEqualTo(Recognition.NO);
        assertThat(project(settings, "prod").recognition()).isEqualTo(Recognition.YES);
        assertThat(project(read("SUPABASE", "yes"), "prod").recognition()).isEqualTo(Recognition.AUTO);

        assertThatThrownBy(() -> read("SUPABASE_PROD", "true"))
                .hasMessageContaining("SUPABASE_PROD is true. Use one of: auto, yes, no.");
    }

    /** Variables of Supabase's own programs begin so, and other settings of a project do. */
    @Test
    void whatOnlyBeginsLikeThatSettingIsAnotherOne() {
        Settings settings = read(
                "SUPABASE_ACCESS_TOKEN",
                "sbp_0123456789",
                "SUPABASE_DB_PASSWORD",
                "hush",
                "DATABASE_URL_URL",
                "postgresql://a:b@localhost/url",
                "DATABASE_URL_STORAGE",
                "postgresql://a:b@localhost/storage",
                "SUPABASE_STORAGE",
                "api",
                "SUPABASE_URL",
                "https://abcdefghijklmnopqrst.supabase.co");
        assertThat(project(settings, "url").recognition()).isEqualTo(Recognition.AUTO);
        assertThat(project(settings, "storage").recognition()).isEqualTo(Recognition.AUTO);
    }

    @Test
    void theS3EndpointNeedsAllItsParts() {
        assertThat(project(
                                read(
                                        "SUPABASE_STORAGE_PROD", "s3",
                                        "SUPABASE_S3_ENDPOINT_PROD", "https://x.storage.supabase.co/storage/v1/s3",
                                        "SUPABASE_S3_REGION_PROD", "eu-central-1",
                                        "SUPABASE_S3_ACCESS_KEY_ID_PROD", "id",
                                        "SUPABASE_S3_SECRET_ACCESS_KEY_PROD", "other half"),
                                "prod")
                        .access())
                .isEqualTo(Access.S3);
        assertThatThrownBy(() -> read("SUPABASE_STORAGE", "s3", "SUPABASE_S3_REGION", "eu-central-1"))
                .hasMessageContaining("SUPABASE_STORAGE is s3, which needs SUPABASE_S3_ENDPOINT, SUPABASE_S3_REGION");
        assertThatThrownBy(() -> read("SUPABASE_STORAGE", "ftp"))
                .hasMessageContaining("SUPABASE_STORAGE is ftp. Use one of: api, s3.");
    }

    @ParameterizedTest
    @CsvSource({
        "sb_publishable_abc, is a publishable key",
        "secret, isn't a key for the role service_role",
        "a.b.c, isn't a key for the role service_role"
    })
    void anotherKeyIsNamed(String key, String told) {
        assertThatThrownBy(() -> read("SUPABASE_SERVICE_ROLE_KEY", key))
                .hasMessageContaining("SUPABASE_SERVICE_ROLE_KEY " + told)
                .hasMessageNotContaining("abc");
    }

    @Test
    void theAnonKeyIsNamed() {
        assertThatThrownBy(() -> read("SUPABASE_SERVICE_ROLE_KEY_PROD", jwt("anon")))
                .hasMessageContaining("SUPABASE_SERVICE_ROLE_KEY_PROD is the anon key");
    }

    @Test
    void aSettingOfNoDatabaseIsRefused() {
        assertThatThrownBy(() -> read("SUPABASE_URL_STAGING", "https://x.supabase.co"))
                .hasMessageContaining("SUPABASE_URL_STAGING names a database that isn't configured.");
        assertThatThrownBy(() -> read("SUPABASE_URL", "https://user:pass@x.supabase.co"))
                .hasMessageContaining("SUPABASE_URL isn't a valid address.")
                .hasMessageNotContaining("pass");
    }

    @Test
    void theProjectsAddressFollowsFromTheDatabases() {
        assertThat(project(read("DATABASE_URL_PROD", PROJECT), "prod").url())
                .hasToString("https://abcdefghijklmnopqrst.supabase.co");
    }

    @Test
    void anAddressOrAKeyOfAnotherProjectIsRefused() {
        String key = "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"role\":\"service_role\",\"ref\":\"tsrqponmlkjihgfedcba\"}"
                                .getBytes(StandardCharsets.UTF_8))
                + ".c2ln";

        assertThatThrownBy(() -> read(
                        "DATABASE_URL_PROD", PROJECT,
                        "SUPABASE_URL_PROD", "https://tsrqponmlkjihgfedcba.supabase.co",
                        "SUPABASE_SERVICE_ROLE_KEY_PROD", key))
                .isInstanceOfSatisfying(ConfigurationException.class, e -> assertThat(e.errors())
                        .containsExactly(
                                "SUPABASE_URL_PROD belongs to the project tsrqponmlkjihgfedcba, but the URL "
                                        + "of the database prod belongs to the project abcdefghijklmnopqrst. "
                                        + "Take both from the same project's dashboard.",
                                "SUPABASE_SERVICE_ROLE_KEY_PROD belongs to the project tsrqponmlkjihgfedcba, "
                                        + "but the URL of the database prod belongs to the project "
                                        + "abcdefghijklmnopqrst. Take both from the same project's "
                                        + "dashboard."));
    }

    /** An address of one's own says nothing about the project behind it. */
    @Test
    void whatNamesNoProjectIsNotCompared() {
        Settings settings = read(
                "DATABASE_URL_PROD",
                PROJECT,
                "SUPABASE_URL_PROD",
                "https://api.example.com",
                "SUPABASE_SERVICE_ROLE_KEY_PROD",
                SECRET,
                "SUPABASE_URL",
                "https://tsrqponmlkjihgfedcba.supabase.co");

        assertThat(project(settings, "prod").url()).hasToString("https://api.example.com");
        assertThat(project(settings, "default").url()).hasToString("https://tsrqponmlkjihgfedcba.supabase.co");
    }
}
