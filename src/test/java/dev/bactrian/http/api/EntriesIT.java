package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single entries of a stored archive come as they were saved, without the rest of the archive, and never half. */
class EntriesIT {

    /** Rows that don't compress, in a table that makes up nearly all of the archive: 20 MB of it. */
    private static final int LARGE_ROWS = 600;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String ENCRYPTED = "11111111-1111-4111-8111-111111111111";
    private static final String DELETED = "22222222-2222-4222-8222-222222222222";

    private static TestDatabase control;
    private static TestStore store;
    private static Relay relay;
    private static BactrianService service;
    private static JsonNode backup;
    private static Path archive;

    @BeforeAll
    static void backUp() {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.orders (id int, note text)",
                        "INSERT INTO app.orders SELECT g, 'order ' || g FROM generate_series(1, 5000) g",
                        "CREATE SCHEMA \"My Schema\"",
                        "CREATE TABLE \"My Schema\".\"per%cent + plus\" (id int)",
                        "INSERT INTO \"My Schema\".\"per%cent + plus\" VALUES (1)",
                        "CREATE TABLE app.nothing (id int)",
                        "CREATE TABLE app.large (id int, data text)",
                        "INSERT INTO app.large SELECT g, (SELECT string_agg(md5(g || '-' || i), '') "
                                + "FROM generate_series(1, 2000) i) FROM generate_series(1, " + LARGE_ROWS + ") g");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        relay = Relay.to(store.endpoint().getPort());
        Map<String, String> settings =
                new HashMap<>(Map.of("DATABASE_URL", source.url(), "S3_ENDPOINT", "http://127.0.0.1:" + relay.port()));
        service = BactrianService.start(settings, control, store);
        backup = service.goodBackUp();
        archive = store.download(backup.path("s3_key").asText());
    }

    @AfterAll
    static void stop() {
        service.close();
        relay.close();
        store.close();
    }

    private static HttpRequest request(String id, String name) {
        return HttpRequest.newBuilder(URI.create(service.base() + "/api/backups/" + id + "/entries/" + name))
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    private static HttpResponse<byte[]> get(String name) throws IOException, InterruptedException {
        return HTTP.send(request(backup.path("id").asText(), name), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] inZip(String name) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry entry = zip.getEntry(name);
            return zip.getInputStream(entry).readAllBytes();
        }
    }

    private static String problem(HttpResponse<byte[]> answer) {
        return BactrianService.json(new String(answer.body(), StandardCharsets.UTF_8))
                .path("type")
                .asText()
                .replace("urn:bactrian:problem:", "");
    }

    @Test
    void anEntryIsWhatTheArchiveHolds() throws Exception {
        String name = "db/app/tables/orders/data.sql";
        HttpResponse<byte[]> answer = get(name);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(inZip(name)).hasSizeGreaterThan(50_000);
        assertThat(answer.headers().map())
                .containsEntry("content-type", List.of("application/sql"))
                .containsEntry("content-disposition", List.of("attachment; filename=\"app.orders.data.sql\""))
                .containsEntry("content-length", List.of(Integer.toString(answer.body().length)))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .doesNotContainKey("transfer-encoding");
        assertThat(get(name.replace("/", "%2F")).body()).isEqualTo(answer.body());
        assertThat(get("db%2fapp/tables%2Forders/data.sql?name=other&id=other").statusCode())
                .as("a query changes nothing but the id that is asked for, which it makes two")
                .isIn(200, 400);
    }

    @Test
    void everyEntryComesWhateverItsNameAndKind() throws Exception {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(one -> one.getSize() < 1_000_000).toList()) {
                HttpResponse<byte[]> answer = get(entry.getName().replace("%", "%25"));

                assertThat(answer.statusCode()).as(entry.getName()).isEqualTo(200);
                assertThat(answer.body()).as(entry.getName()).isEqualTo(inZip(entry.getName()));
            }
            assertThat(zip.stream().map(ZipEntry::getName))
                    .contains("manifest.json", "db/My%20Schema/tables/per%25cent%20%2B%20plus/data.sql");
        }
        assertThat(get("manifest.json").headers().firstValue("Content-Type")).contains("application/json");
        assertThat(get("README.txt").headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(get("db/schema.dump").headers().firstValue("Content-Type")).contains("application/octet-stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.sql",
                "db/app/tables/orders",
                "db/app/tables/orders/",
                "db/app/tables/orders/data.sql/",
                "db/app/tables/orders/data.sql%00",
                "db/App/tables/orders/data.sql",
                "..%2f..%2f..%2fetc%2fpasswd",
                "%2e%2e%2f%2e%2e%2fmanifest.json",
                "..%252fmanifest.json",
                "%2fetc%2fpasswd",
                "db%5cschema.dump",
                "%ff%fe",
                "x/../../../../../etc/passwd",
                "../entries/../../../../../etc/passwd"
            })
    void whatTheArchiveDoesNotHoldIsNotFound(String name) throws Exception {
        HttpResponse<byte[]> answer = get(name);

        assertThat(answer.statusCode()).isIn(404, 400);
        assertThat(problem(answer)).isIn("not-found", "bad-request");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("passwd", "root:");
    }

    @Test
    void aNameOfAnyLengthIsNotFound() throws Exception {
        assertThat(get("a".repeat(3_000)).statusCode()).isEqualTo(404);
    }

    @Test
    void whoHasNoKeyGetsNothing() throws Exception {
        HttpRequest asked = HttpRequest.newBuilder(
                        request(backup.path("id").asText(), "manifest.json").uri())
                .header("Authorization", "Bearer another-key-0123456789")
                .build();

        assertThat(HTTP.send(asked, HttpResponse.BodyHandlers.ofByteArray()).statusCode())
                .isEqualTo(401);
    }

    /** The archive is fetched neither for a small entry nor for the rest of a large one that nobody reads on. */
    @Test
    void aSmallEntryTakesAFewBytesOfTheStore() throws Exception {
        long before = relay.answered();

        assertThat(get("db/app/tables/orders/schema.sql").statusCode()).isEqualTo(200);

        assertThat(Files.size(archive)).isGreaterThan(15_000_000);
        assertThat(relay.answered() - before).isLessThan(1_000_000);
    }

    @Test
    void aLargeEntryIsStreamed() throws Exception {
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        expected.update(inZip("db/app/tables/large/data.sql"));

        HttpResponse<InputStream> answer = HTTP.send(
                request(backup.path("id").asText(), "db/app/tables/large/data.sql"),
                HttpResponse.BodyHandlers.ofInputStream());
        MessageDigest got = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(answer.body(), got)) {
            in.transferTo(OutputStream.nullOutputStream());
        }

        assertThat(HexFormat.of().formatHex(got.digest()))
                .isEqualTo(HexFormat.of().formatHex(expected.digest()));
        assertThat(service.workFiles()).isEmpty();
        awaitNoneUnderWay();
    }

    /** Once while its answer flows, once when the answer has filled all buffers and waits. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallerWhoGoesAwayEndsTheReadingOfTheStore(boolean stalled) throws Exception {
        long before = relay.answered();
        try (Socket caller = new Socket("127.0.0.1", URI.create(service.base()).getPort())) {
            caller.setReceiveBufferSize(1 << 16);
            ask(caller);
            assertThat(caller.getInputStream().readNBytes(20_000)).hasSize(20_000);
            assertThat(service.app().context().getInflightRepository().size()).isPositive();
            if (stalled) {
                awaitStandstill();
            }
        }
        awaitNoneUnderWay();
        assertThat(relay.answered() - before).isLessThan(Files.size(archive) * 3 / 4);
    }

    @Test
    void stalledDownloadsTakeNoMoreThanTheirPlaces() throws Exception {
        List<Socket> callers = new ArrayList<>();
        try {
            for (int place = 0; place < DownloadPlaces.PLACES; place++) {
                Socket caller =
                        new Socket("127.0.0.1", URI.create(service.base()).getPort());
                callers.add(caller);
                caller.setReceiveBufferSize(1 << 16);
                ask(caller);
                assertThat(caller.getInputStream().readNBytes(200)).hasSize(200);
            }
            HttpResponse<byte[]> refused = get("README.txt");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(problem(refused)).isEqualTo("too-many-downloads");
        } finally {
            for (Socket caller : callers) {
                caller.close();
            }
        }
        awaitNoneUnderWay();
        assertThat(get("README.txt").statusCode()).isEqualTo(200);
    }

    private static void ask(Socket caller) throws IOException {
        caller.getOutputStream()
                .write(("GET /api/backups/" + backup.path("id").asText()
                                + "/entries/db/app/tables/large/data.sql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                + BactrianService.API_KEY + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitStandstill() {
        long[] last = {-1};
        Awaitility.await("full buffers")
                .pollInterval(Duration.ofMillis(300))
                .until(() -> last[0] == (last[0] = relay.answered()));
    }

    private static void awaitNoneUnderWay() {
        Awaitility.await("the end of the request")
                .atMost(Duration.ofSeconds(10))
                .until(() -> service.app().context().getInflightRepository().size() == 0);
    }

    /** A bit that has changed in the store: what comes of the entry is never as long as it should be. */
    @Test
    void aDamagedEntryBreaksTheAnswer() throws Exception {
        byte[] bytes = Files.readAllBytes(archive);
        String key = backup.path("s3_key").asText();
        byte[] damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 1;
        store.put(key, damaged);
        try {
            HttpResponse<InputStream> answer = HTTP.send(
                    request(backup.path("id").asText(), "db/app/tables/large/data.sql"),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            try (InputStream in = answer.body()) {
                assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOf(IOException.class);
            }
            byte[] withoutEnd = bytes.clone();
            withoutEnd[withoutEnd.length - 22] ^= 1;
            assertRefused(key, withoutEnd, "damaged-archive");
            assertRefused(key, Arrays.copyOf(bytes, bytes.length - 1), "changed-archive");
        } finally {
            store.put(key, bytes);
        }
        awaitNoneUnderWay();
    }

    private void assertRefused(String key, byte[] stored, String problem) throws Exception {
        store.put(key, stored);
        HttpResponse<byte[]> answer = get("manifest.json");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(problem(answer)).isEqualTo(problem);
    }

    @Test
    void whatHasNoArchiveOrAnEncryptedOneHasNoEntries() throws Exception {
        control.run(
                "INSERT INTO backup_history (id, status, s3_key, sha256, finished_at) VALUES ('" + ENCRYPTED
                        + "', 'success', 'backups/archive/x/b.zip.pgp', repeat('a', 64), now())",
                "INSERT INTO backup_history (id, status, s3_key, sha256, finished_at, archive_delete_reason, archive_deleted_at)"
                        + " VALUES ('" + DELETED
                        + "', 'success', 'backups/archive/y/b.zip', repeat('a', 64), now(), 'asked for', now())");

        HttpResponse<byte[]> encrypted =
                HTTP.send(request(ENCRYPTED, "manifest.json"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(encrypted.statusCode()).isEqualTo(409);
        assertThat(problem(encrypted)).isEqualTo("encrypted-archive");
        assertThat(new String(encrypted.body(), StandardCharsets.UTF_8)).contains("Download it", "gpg --decrypt");
        HttpResponse<byte[]> deleted =
                HTTP.send(request(DELETED, "manifest.json"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(deleted.statusCode()).isEqualTo(409);
        assertThat(problem(deleted)).isEqualTo("no-archive");
    }
}
