package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.TestStore;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Download links: where callers reach the server, and when its clock isn't ours. */
class LinksIT {

    private static final long QUARTER = 900;

    @TempDir
    private Path work;

    private static TestStore store;
    private static S3Gateway gateway;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        gateway = S3Gateway.to(store);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        store.close();
    }

    @BeforeEach
    void bothAgree() {
        gateway.setClock(Duration.ZERO);
        store.put(Stores.KEY, "archive".getBytes(StandardCharsets.UTF_8));
    }

    private static String link(S3Settings settings) {
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client();
                S3Presigner presigner = clients.presigner()) {
            return new S3Links(clients, client, presigner).sign(Stores.KEY, QUARTER);
        }
    }

    private static HttpResponse<String> open(String link) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(link)).build());
    }

    /** The server behind the gateway has this machine's clock, and judges links by it, too. */
    @ParameterizedTest
    @ValueSource(ints = {0, -20, 20, -50, 50})
    void aLinkWorksByTheServersClock(int minutes) {
        gateway.setClock(Duration.ofMinutes(minutes));
        S3Settings settings = Stores.settings(store, gateway.endpoint(), Map.of());

        HttpResponse<String> answer = open(link(settings));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("archive");
        assertThat(Stores.upload(settings, work)).as("an upload").isNull();
    }

    @Test
    void aLinkLivesForAQuarterOfAnHourWhereTheClocksAgree() {
        assertThat(link(Stores.settings(store, gateway.endpoint(), Map.of()))).contains("X-Amz-Expires=900");
    }

    @Test
    void aClockThatIsOffIsNamedByTheCheck() {
        gateway.setClock(Duration.ofMinutes(-20));
        S3Settings settings = Stores.settings(store, gateway.endpoint(), Map.of());

        List<CheckResult> failures = Stores.failures(settings);

        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).line())
                .contains("clock: this machine's clock is 20 min ahead of the server's", "with NTP");
    }

    @Test
    void aLinkNamesTheAddressThatCallersReach() {
        // The server within, which only this machine reaches, and its address for everybody else.
        S3Settings settings = Stores.settings(
                store,
                store.endpoint(),
                Map.of("S3_PUBLIC_ENDPOINT", gateway.endpoint().toString()));

        String link = link(settings);

        assertThat(link).startsWith(gateway.endpoint() + "/" + store.bucket() + "/" + Stores.KEY);
        assertThat(open(link).body()).isEqualTo("archive");
        assertThat(Stores.failures(settings)).isEmpty();
    }
}
