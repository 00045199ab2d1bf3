package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.spi.Registry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/examples/store-azure.camel.yaml} on Azurite, Microsoft's emulator of Azure Storage. It comes from npm when the profile
 * {@code stores} runs this, and needs the Node of the tests' browser.
 */
@Tag("stores")
class StoreOfAzuriteIT extends StoreContract {

    private static final Path NODE = Path.of("target/playwright/node").toAbsolutePath();
    private static final Path PACKAGES = Path.of("target/azurite").toAbsolutePath();
    private static final Path PROGRAM = PACKAGES.resolve("node_modules/azurite/dist/src/blob/main.js");
    private static final byte[] ACCOUNT_KEY = "an account of these tests alone".getBytes(StandardCharsets.US_ASCII);

    private final int port = BactrianService.freePort();
    private Process server;

    @Override
    Path start() throws Exception {
        if (!Files.exists(PROGRAM)) {
            Run fetched = Run.shell(
                    Path.of("."),
                    Map.of(),
                    "npm install --silent --no-audit --no-fund --ignore-scripts --prefix " + PACKAGES
                            + " azurite@3.37.0");
            if (fetched.exit() != 0) {
                throw new IllegalStateException(fetched.out() + fetched.err());
            }
        }
        ProcessBuilder azurite = new ProcessBuilder(
                        NODE.toString(),
                        PROGRAM.toString(),
                        "--blobPort",
                        Integer.toString(port),
                        "--inMemoryPersistence",
                        "--disableTelemetry")
                .redirectErrorStream(true)
                .redirectOutput(TemporaryFiles.file("azurite", ".log").toFile());
        azurite.environment()
                .put("AZURITE_ACCOUNTS", "backups:" + Base64.getEncoder().encodeToString(ACCOUNT_KEY));
        server = azurite.start();
        HttpRequest create = HttpRequest.newBuilder(URI.create(container() + "&restype=container"))
                .PUT(BodyPublishers.noBody())
                .build();
        Awaitility.await("Azurite")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> BactrianService.send(create).statusCode() == 201);
        return Path.of("docs/examples/store-azure.camel.yaml");
    }

    /** With a signature that lets do what the example's head says. */
    private String container() throws GeneralSecurityException {
        String until = "2100-01-01T00:00:00Z";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ACCOUNT_KEY, "HmacSHA256"));
        String signed = String.join("\n", "backups", "racwdl", "b", "co", "", until, "", "", "2021-12-02", "", "");
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        return "http://127.0.0.1:" + port + "/backups/archives?sv=2021-12-02&ss=b&srt=co&sp=racwdl&se=" + until
                + "&sig=" + URLEncoder.encode(signature, StandardCharsets.UTF_8);
    }

    @Override
    void stop() {
        Objects.requireNonNull(server).destroy();
    }

    @Override
    Map<String, String> properties() throws GeneralSecurityException {
        return Map.of("AZURE_CONTAINER_URL", container());
    }

    @Override
    void bind(Registry registry) {}

    @Override
    boolean copies() {
        return false;
    }

    @Test
    void blocksThatSomebodyLeftAreRemoved() throws Exception {
        String key = "backups/contract/left/backup.zip";
        HttpRequest block = HttpRequest.newBuilder(
                        URI.create(container().replace("?", "/" + key + "?comp=block&blockid=MDAwMA%3D%3D&")))
                .PUT(BodyPublishers.ofString("begun"))
                .build();
        assertThat(BactrianService.send(block).statusCode()).isEqualTo(201);
        assertThat(keys(key, false)).isEmpty();
        assertThat(keys(key, true)).containsExactly(key);

        verb("abort", key);

        assertThat(keys(key, true)).isEmpty();
    }
}
