package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import dev.bactrian.http.security.SignedPaths;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Archives of a store without links are downloaded by the service's own. */
class PageFolderIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    /** Twice what the service's memory may be. */
    private static final long LARGE = 512L << 20;

    @TempDir
    private static Path folder;

    private static TestDatabase control;
    private static BactrianProcess service;
    private static String id;
    private static Path archive;

    @BeforeAll
    static void start() throws IOException {
        ProjectFolder.copyTo(folder);
        Path stores = folder.resolve("routes/store");
        Files.copy(Path.of("docs/examples/store-folder.camel.yaml"), stores.resolve("store-folder.camel.yaml"));
        Files.delete(stores.resolve("s3.camel.yaml"));
        control = PostgresServer.V17.createDatabase();
        service = BactrianProcess.serveFrom(
                folder,
                Map.of(
                        "DATABASE_URL",
                        PostgresServer.V17.createDatabase().loadSample().url(),
                        "CONTROL_DATABASE_URL",
                        control.url(),
                        "BACKUP_STORAGE",
                        "false",
                        "PG_BIN",
                        BactrianService.pg17().toString()));
        id = backUp();
        archive = folder.resolve("archives").resolve(row(id).path("s3_key").asText());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String backUp() {
        String begun = service.request("default");
        Awaitility.await("the backup").atMost(Duration.ofMinutes(2)).until(() -> "success"
                .equals(row(begun).path("status").asText()));
        return begun;
    }

    private static JsonNode row(String backup) {
        return BactrianService.json(service.send(BactrianService.API_KEY, "GET", "/api/backups/" + backup, null)
                .body());
    }

    private static String link(String backup) {
        return BactrianService.json(
                        service.send(BactrianService.API_KEY, "POST", "/api/backups/" + backup + "/download-url", null)
                                .body())
                .path("url")
                .asText();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String problem(HttpResponse<byte[]> answer) throws IOException {
        return new String(answer.body()).replaceAll(".*urn:bactrian:problem:([a-z-]+).*", "$1");
    }

    @Test
    void aDownloadOnThePageIsTheArchive() {
        Panel panel = Panel.open(browser.page(), service.base(), "history/" + id);
        panel.signIn(BactrianService.API_KEY);
        panel.in();
        assertThat(panel.dialog()).isVisible();

        Download download =
                panel.page().waitForDownload(() -> panel.button("Download").click());

        assertThat(download.suggestedFilename()).isEqualTo(archive.getFileName().toString());
        assertThat(download.path()).hasSameBinaryContentAs(archive);
    }

    @Test
    void aBrokenDownloadGoesOn() throws Exception {
        byte[] content = Files.readAllBytes(archive);
        String link = link(id);

        HttpResponse<byte[]> all = get(link);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body()).isEqualTo(content);
        assertThat(all.headers().map())
                .containsEntry("content-type", List.of("application/zip"))
                .containsEntry("content-length", List.of(Integer.toString(content.length)))
                .containsEntry("content-disposition", List.of("attachment; filename=\"" + archive.getFileName() + "\""))
                .containsEntry("cache-control", List.of("no-store"))
                .doesNotContainKey("transfer-encoding");

        String tag = all.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> rest = get(link, "Range", "bytes=1000-", "If-Range", tag);
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(content, 1000, content.length));
        assertThat(rest.headers().firstValue("Content-Range"))
                .hasValue("bytes 1000-" + (content.length - 1) + "/" + content.length);
        assertThat(get(link, "Range", "bytes=1000-", "If-Range", "\"other\"").body())
                .isEqualTo(content);
        HttpResponse<byte[]> beyond = get(link, "Range", "bytes=" + content.length + "-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + content.length);
    }

    @Test
    void nothingIsDownloadedWithoutALink() throws Exception {
        String link = link(id);
        assertThat(link).doesNotContain("backups").startsWith("/downloads/" + id + "/");
        String other = backUp();

        for (String path : List.of(
                link.replace(id, other),
                link.substring(0, link.length() - 1),
                link.replaceFirst("/\\d{10}-", "/9999999999-"),
                "/downloads/" + id,
                "/downloads/" + id + "/",
                link.replaceFirst("/downloads", "//downloads") + "0",
                SignedPaths.of(id, Duration.ofSeconds(-1)))) {
            HttpResponse<byte[]> refused = get(path, "Authorization", "Bearer " + BactrianService.API_KEY);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(problem(refused)).as(path).isEqualTo("link-ended");
        }
        assertThat(get(link + "?id=" + other).statusCode()).as("two ids").isEqualTo(400);
        assertThat(get(SignedPaths.of(UUID.randomUUID().toString(), Duration.ofMinutes(1)))
                        .statusCode())
                .isEqualTo(404);
        assertThat(service.send("none", "DELETE", link, null).statusCode()).isEqualTo(404);
        assertThat(get(link).body()).isEqualTo(Files.readAllBytes(archive));
    }

    @Test
    void anArchiveMayBeLargerThanTheMemory() throws Exception {
        String large = backUp();
        Path file = folder.resolve("archives").resolve(row(large).path("s3_key").asText());
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LARGE);
        }
        control.run("UPDATE backup_history SET size_bytes = " + LARGE + " WHERE id = '" + large + "'");

        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(service.base() + link(large)))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());

        try (InputStream in = answer.body()) {
            assertThat(in.skip(LARGE)).isEqualTo(LARGE);
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
