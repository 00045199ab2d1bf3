package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What neither the network nor the bucket can do to a service with 256 MB of memory. */
class SmallMemoryIT {

    private static final String LATEST = "backups/latest/default/manifest.json";
    /** More than is read of a manifest there, which is a sixteenth of the memory. */
    private static final int TOO_LARGE = 17 << 20;

    private static final int CLIENTS = 240;
    private static final int REQUESTS = 400;

    private static TestStore store;
    private static BactrianProcess service;

    @BeforeAll
    static void start() {
        TestDatabase source = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        store = TestStore.start();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                "CONTROL_DATABASE_URL", PostgresServer.V17.createDatabase().url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString()));
        service = BactrianProcess.serve(settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    /** 96,000 answers of 160 kB were asked for: 15 GB. */
    @Test
    void clientsThatAskOnAndOnAndReadNothingHoldOneAnswerEach() throws Exception {
        byte[] requests =
                "GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n".repeat(REQUESTS).getBytes(StandardCharsets.US_ASCII);
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                Socket client = new Socket();
                clients.add(client);
                client.setReceiveBufferSize(2048);
                client.bind(new InetSocketAddress("127.0.0.2", 0));
                client.connect(new InetSocketAddress(
                        "127.0.0.1", URI.create(service.base()).getPort()));
                client.getOutputStream().write(requests);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .during(Duration.ofSeconds(8))
                    .untilAsserted(
                            () -> assertThat(get("/api/backups").statusCode()).isEqualTo(200));
            // Those who do read get on.
            InputStream in = clients.get(0).getInputStream();
            clients.get(0).setSoTimeout(30_000);
            assertThat(in.readNBytes(2_000_000)).hasSize(2_000_000);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void somethingTooLargeInTheLatestManifestsPlaceNamesNothingAndIsReplaced() {
        awaitLatest(success());
        store.put(LATEST, new byte[TOO_LARGE]);

        awaitLatest(success());
    }

    private static void awaitLatest(String id) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(store.keys()).contains(LATEST);
            assertThat(store.text(LATEST).contains(id)).isTrue();
        });
    }

    @Test
    void aManifestThatIsTooLargeIsAChangedOne() {
        String id = success();
        String key = row(id, "s3_key");
        store.put(key.substring(0, key.lastIndexOf('/')) + "/manifest.json", new byte[TOO_LARGE]);

        for (HttpResponse<String> answer : List.of(
                get("/api/backups/" + id + "/manifest"),
                service.send(BactrianService.API_KEY, "POST", "/api/backups/" + id + "/download-url", ""))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(answer.body()).contains("changed-archive", "its manifest is larger than the limit of ");
        }
    }

    private static HttpResponse<String> get(String path) {
        return service.send(BactrianService.API_KEY, "GET", path, null);
    }

    private static String row(String id, String member) {
        return BactrianService.json(get("/api/backups/" + id).body())
                .path(member)
                .asText();
    }

    private static String success() {
        String id = service.request("default");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !row(id, "status")
                .equals("in_progress"));
        assertThat(row(id, "status")).isEqualTo("success");
        return id;
    }
}
