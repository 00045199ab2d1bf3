package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What routes/store/s3.camel.yaml promises the routes above it, whichever S3 server there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

    private static final String KEY = "backups/archive/2026-11-20T18-42-07Z/backup-2026-11-20-18-42-UTC.zip";
    private static final String LATER = "backups/archive/2026-11-21T18-42-07Z/backup-2026-11-21-18-42-UTC.zip";

    private TestStore unused;
    private BactrianService service;
    private S3Settings settings;
    private S3Clients clients;
    private S3Client client;

    /** Starts the server; the settings that lead to its bucket. */
    abstract Map<String, String> start() throws Exception;

    abstract void stop() throws Exception;

    @BeforeAll
    void startAll() throws Exception {
        TestDatabase database = PostgresServer.V15
                .createDatabase()
                // Too large for one part.
                .run("CREATE TABLE a AS SELECT md5(i::text) FROM generate_series(1, 700000) i");
        Map<String, String> own = new HashMap<>(start());
        own.put("DATABASE_URL", database.url());
        unused = TestStore.start();
        service = BactrianService.start(own, PostgresServer.V15.createDatabase(), unused);
        settings = Objects.requireNonNull(
                new SettingsReader(SettingSource.of(own), true).read(false).s3());
        clients = new S3Clients(settings);
        client = clients.client();
    }

    @AfterAll
    void stopAll() throws Exception {
        service.close();
        client.close();
        clients.close();
        unused.close();
        stop();
    }

    private Exchange request(String route, Processor prepared) {
        try {
            return service.app().producer().request("direct:" + route, prepared);
        } catch (Exception e) {
            throw new AssertionError(route, e);
        }
    }

    private Exchange call(String route, String key, Object body) {
        Exchange answer = request(route, exchange -> {
            exchange.setProperty("key", key);
            exchange.setProperty("database", "contract");
            exchange.setProperty("manifestText", body);
            exchange.getMessage().setBody(body);
        });
        if (answer.getException() != null) {
            throw new AssertionError(route, answer.getException());
        }
        return answer;
    }

    private void put(String key, String text) {
        client.putObject(put -> put.bucket(settings.bucket()).key(key), RequestBody.fromString(text));
    }

    private List<String> keys() {
        return client.listObjectsV2(list -> list.bucket(settings.bucket())).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    @Test
    void theCheckFindsNothingWrong() {
        assertThat(Stores.failures(settings)).isEmpty();
    }

    @Test
    void aBackupOfSeveralPartsIsStoredNamedTheLatestAndDeleted() {
        String id = service.goodBackUp().path("id").asText();
        String key = service.backup(id).path("s3_key").asText();
        Awaitility.await().until(() -> keys().contains("backups/latest/default/manifest.json"));

        String link = BactrianService.json(service.send("POST", "/api/backups/" + id + "/download-url", null)
                        .body())
                .path("url")
                .asText();
        assertThat(BactrianService.send(HttpRequest.newBuilder(URI.create(link)).build())
                        .statusCode())
                .isEqualTo(200);

        assertThat(service.send("DELETE", "/api/backups/" + id + "?force=true", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(keys()).noneMatch(stored -> stored.startsWith(key.substring(0, key.lastIndexOf('/'))));
    }

    @Test
    void aManifestIsNullUntilItIsStored() throws Exception {
        assertThat(call("fetch-manifest", LATER, null).getMessage().getBody()).isNull();

        call("store-manifest", LATER, "{\"format\": 1}");

        assertThat(call("fetch-manifest", LATER, null).getMessage().getBody(String.class))
                .isEqualTo("{\"format\": 1}");
        call("discard-archive", LATER, null);
    }

    @Test
    void anArchiveIsMeasuredReadInPartsAndDiscarded() throws Exception {
        put(KEY, "0123456789");

        assertThat(call("measure-stored", KEY, null).getMessage().getHeader("storedSize", Long.class))
                .isEqualTo(10);
        Exchange part = request("read-range", exchange -> {
            exchange.setProperty("key", KEY);
            exchange.getMessage().setHeader("rangeStart", 3L);
            exchange.getMessage().setHeader("rangeEnd", 5L);
        });
        try (InputStream in = part.getMessage().getBody(InputStream.class)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("345");
        }
        client.createMultipartUpload(upload -> upload.bucket(settings.bucket()).key(KEY));

        call("discard-archive", KEY, null);

        assertThat(keys()).doesNotContain(KEY);
        assertThat(client.listMultipartUploads(
                                list -> list.bucket(settings.bucket()).prefix(KEY))
                        .uploads())
                .isEmpty();
        call("discard-archive", KEY, null);
    }

    @Test
    void theListHasArchivesAlone() {
        put(KEY, "0123456789");
        put("backups/archive/notes.txt", "mine");

        List<?> listed = call("list-archives", KEY, null).getMessage().getBody(List.class);

        assertThat(listed).asList().contains(KEY).doesNotContain("backups/archive/notes.txt");
        call("discard-archive", KEY, null);
    }

    @Test
    void theLatestIsACopyAndTheOneBeforeGoes() {
        put(KEY, "first");
        put(LATER, "second");

        call("store-latest", KEY, "{}");
        call("store-latest", LATER, "{}");

        assertThat(keys())
                .filteredOn(key -> key.startsWith("backups/latest/contract/"))
                .hasSize(2)
                .contains("backups/latest/contract/manifest.json")
                .anyMatch(key -> key.contains("2026-11-21T18-42-07Z"));
        call("discard-archive", KEY, null);
        call("discard-archive", LATER, null);
    }
}
