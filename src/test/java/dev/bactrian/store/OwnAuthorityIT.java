package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3Settings;
import dev.bactrian.postgres.url.SupabaseProject.S3Access;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.supabase.storage.ApiFileStore;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.testing.keys.Certificates;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S3 servers whose certificates Java doesn't trust, or whose certificates are wrong. */
class OwnAuthorityIT {

    private static TestStore store;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        store = TestStore.start();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    /** By the client of uploads, which compares names by other code than that of single requests. */
    private void assertSaid(Certificates shown, String... words) {
        try (S3Gateway gateway = S3Gateway.to(store, shown)) {
            S3Settings settings = Stores.settings(
                    store, gateway.endpoint(), Map.of("S3_CA_FILE", shown.pem().toString()));

            assertThat(Stores.upload(settings, folder)).contains(words);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNamedWithTheSetting() {
        String[] words = {
            "No TLS connection to the S3 server at https://127.0.0.1:",
            "the certificate of CN=S3 of the tests, issued by itself, isn't trusted here",
            "Set S3_CA_FILE to a PEM file"
        };
        try (S3Gateway gateway = S3Gateway.to(store, Certificates.of("ip:127.0.0.1"))) {
            S3Settings settings = Stores.settings(store, gateway.endpoint(), Map.of());

            assertThat(Stores.failures(settings).get(0).line()).contains(words);
            assertThat(Stores.upload(settings, folder)).contains(words);
        }
    }

    @Test
    void aFileOfSeveralCertificatesIsTrustedInAdditionToJavas() throws IOException {
        Certificates other = Certificates.of("dns:other.example.com");
        Certificates shown = Certificates.of("ip:127.0.0.1");
        Path bundle = folder.resolve("bundle.pem");
        Files.writeString(
                bundle,
                "# the old one\n" + Files.readString(other.pem()) + "\r\n# the new one\r\n"
                        + Files.readString(shown.pem()));
        try (S3Gateway gateway = S3Gateway.to(store, shown)) {
            S3Settings settings = Stores.settings(store, gateway.endpoint(), Map.of("S3_CA_FILE", bundle.toString()));

            assertThat(settings.authorities()).hasSize(2);
            assertThat(Stores.failures(settings)).isEmpty();
            assertThat(Stores.upload(settings, folder)).isNull();
            assertThat(ServerTrust.with(settings.authorities())).singleElement().satisfies(trust -> assertThat(
                            ((ServerTrust) trust).getAcceptedIssuers())
                    .as("Java's are trusted as before")
                    .hasSizeGreaterThan(2));
        }
    }

    @Test
    void aCertificateThatHasExpiredIsNamedAsSuch() {
        Certificates expired = Certificates.signed("ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");

        assertSaid(expired, "CN=S3 of the tests", "has expired", "Have the server's certificate renewed");
    }

    @Test
    void aCertificateOfAnotherHostIsNamedAsSuch() {
        Certificates other = Certificates.of("dns:other.example.com");

        assertSaid(other, "is for another host name", "Set S3_ENDPOINT to a host name");
    }

    @Test
    void aServerWithoutTlsIsNamedAsSuch() {
        URI plain = URI.create("https://127.0.0.1:" + store.endpoint().getPort());

        assertThat(Stores.failures(Stores.settings(store, plain, Map.of()))
                        .get(0)
                        .line())
                .contains("could not agree on TLS", "S3_ENDPOINT");
    }

    @Test
    void aFileThatHasNoCertificateIsRefusedWithTheSettings() throws IOException {
        Path none = Files.writeString(folder.resolve("none.pem"), "-----BEGIN PRIVATE KEY-----\n");

        assertThatThrownBy(() -> Stores.settings(store, store.endpoint(), Map.of("S3_CA_FILE", none.toString())))
                .hasMessageContaining("S3_CA_FILE names a file without a certificate");
        assertThatThrownBy(() -> Stores.settings(store, store.endpoint(), Map.of("S3_CA_FILE", "/not/there.pem")))
                .hasMessageContaining("S3_CA_FILE can't be read: /not/there.pem");
    }

    /** At once: a certificate doesn't become a better one while files are asked for again. */
    @Test
    void theWaysToAProjectsFilesSayItToo() throws IOException {
        try (S3Gateway gateway = S3Gateway.to(store, Certificates.of("ip:127.0.0.1"));
                FileStore api = new ApiFileStore(gateway.endpoint(), "sb_secret_x", "SUPABASE_SERVICE_ROLE_KEY", 1);
                FileStore s3 = new S3FileStore(new S3Access(gateway.endpoint(), "local", "id", "secret"), "")) {
            for (FileStore files : List.of(api, s3)) {
                assertThatThrownBy(files::buckets)
                        .isInstanceOf(ProblemException.class)
                        .hasMessageContainingAll(
                                "No TLS connection to", "isn't trusted here", "-Djavax.net.ssl.trustStore=FILE");
            }
        }
    }
}
