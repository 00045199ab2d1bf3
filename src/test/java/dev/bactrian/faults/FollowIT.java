package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Backups as they are followed: what is told while they run, and who may keep whom from following. */
@Timeout(60)
class FollowIT {

    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    private static final String ELSEWHERE = "22222222-2222-4222-8222-222222222222";
    private static final String ORIGIN = "https://dashboard.example.com";
    private static final int PLACES = 50;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestDatabase source;
    private static Scene scene;
    private static OtherNode otherNode;

    @BeforeAll
    static void start() {
        source = Sources.tooBigForTheBuffers();
        scene = Scene.start(Map.of("DATABASE_URL", source.url(), "CORS_ORIGINS", ORIGIN));
        scene.control()
                .run("INSERT INTO backup_history (id, database, phase, node, heartbeat_at) VALUES ('" + ELSEWHERE
                        + "', 'other', 'dumping', 'elsewhere/1/1', now() + interval '1 hour')");
        otherNode = OtherNode.beating(scene.control());
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        scene.close();
    }

    /** Its uploads are held: what is told of the table that takes long can't have come at the end. */
    @Test
    void aRunningBackupIsToldAsItGoesOn() throws IOException {
        String id = scene.request("default");
        JsonNode held;
        List<JsonNode> rest = new ArrayList<>();
        try (Events events = follow(id)) {
            assertThat(events.answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(events.answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(events.answer.headers().firstValue("X-Accel-Buffering")).hasValue("no");
            assertThat(events.answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue(ORIGIN);
            assertThat(events.next().path("id").asText()).isEqualTo(id);

            Buckets.holdAfterTheFirstPart(scene.store(), source);
            held = events.await(backup -> backup.at("/running_tables/0/seconds").asLong() >= 3);
            assertThat(scene.service().backup(id).path("running_tables"))
                    .as("as whoever asks sees it")
                    .hasSize(1);
            scene.store().faults().releaseUploads();
            for (JsonNode backup = events.next(); backup != null; backup = events.next()) {
                rest.add(backup);
            }
        } finally {
            scene.store().faults().releaseUploads();
        }

        assertThat(held.at("/running_tables")).as(held.toString()).hasSize(1);
        assertThat(held.at("/running_tables/0/table").asText()).isEqualTo("public.big");
        assertThat(held.at("/running_tables/0/bytes").asLong()).isPositive();
        assertThat(held.path("bytes_total").asLong())
                .as(held.toString())
                .isGreaterThan(held.path("bytes_done").asLong())
                .isBetween(96_000_000L, 160_000_000L);
        assertThat(held.path("bytes_per_second").isIntegralNumber()).isTrue();
        assertThat(rest).isNotEmpty();
        JsonNode last = rest.get(rest.size() - 1);
        assertThat(last.path("status").asText()).isEqualTo("success");
        assertThat(settled(last)).isEqualTo(settled(scene.service().backup(id)));
        for (String live : List.of("bytes_total", "bytes_per_second", "seconds_left", "running_tables")) {
            assertThat(last.get(live).isNull()).as(live).isTrue();
        }
        assertThat(scene.aftermath().row(id).get("progress")).isNull();

        try (Events events = follow(id)) {
            List<JsonNode> all = new ArrayList<>();
            for (JsonNode backup = events.next(); backup != null; backup = events.next()) {
                all.add(settled(backup));
            }
            assertThat(all).isNotEmpty().allMatch(settled(last)::equals);
        }
    }

    @Test
    void whatCannotBeFollowedIsAProblem() {
        assertThat(status(UNKNOWN, BactrianService.API_KEY)).isEqualTo(404);
        assertThat(status("x", BactrianService.API_KEY)).isEqualTo(400);
        assertThat(status(ELSEWHERE, "a-wrong-key")).isEqualTo(401);
        assertThat(scene.service()
                        .send("POST", "/api/backups/" + ELSEWHERE + "/events", null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void followersTakeNothingFromOthersAndLeaveTheirPlaces() {
        List<Events> followers = new ArrayList<>();
        try {
            for (int i = 0; i < PLACES; i++) {
                followers.add(follow(ELSEWHERE));
                assertThat(followers.get(i).next().path("id").asText()).isEqualTo(ELSEWHERE);
            }

            HttpResponse<String> refused = scene.service().send("GET", "/api/backups/" + ELSEWHERE + "/events", null);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("urn:bactrian:problem:too-many-followers", "50");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            // As many as the server has threads, all at once.
            List<CompletableFuture<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(HTTP.sendAsync(request("/api/backups?limit=1"), HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode));
            }
            assertThat(others).allSatisfy(other -> assertThat(other)
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isEqualTo(200));
        } finally {
            followers.forEach(Events::close);
        }
        Awaitility.await("a free place").atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            try (Events events = follow(ELSEWHERE)) {
                assertThat(events.answer.statusCode()).isEqualTo(200);
            }
        });
    }

    /** Without the signs of life: a good backup has them until latest/ names it, which nothing here waits for. */
    private static JsonNode settled(JsonNode backup) {
        return ((ObjectNode) backup.deepCopy()).remove(List.of("heartbeat_at", "moved_at"));
    }

    private static int status(String id, String key) {
        return scene.service()
                .send(key, "GET", "/api/backups/" + id + "/events", null)
                .statusCode();
    }

    private static Events follow(String id) {
        try {
            return new Events(
                    HTTP.send(request("/api/backups/" + id + "/events"), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(scene.service().base() + path))
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .header("Origin", ORIGIN)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    /** Reads a stream of events while it comes. */
    private static final class Events implements AutoCloseable {

        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        private Events(HttpResponse<InputStream> answer) {
            this.answer = answer;
            this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The backup of the next event; null at the end. */
        JsonNode next() {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data: ")) {
                        return BactrianService.json(line.substring("data: ".length()));
                    }
                    assertThat(line).isIn("event: backup", "", ":");
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        JsonNode await(Predicate<JsonNode> wanted) {
            JsonNode backup = next();
            for (int i = 0; i < 20 && backup != null && !wanted.test(backup); i++) {
                backup = next();
            }
            assertThat(backup).as("the event that was waited for").isNotNull();
            assertThat(wanted).as(backup.toString()).accepts(backup);
            return backup;
        }

        @Override
        public void close() {
            try {
                // Of the connection, too: a reader waits for nobody.
                answer.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
