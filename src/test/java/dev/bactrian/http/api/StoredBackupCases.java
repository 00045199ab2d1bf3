package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** {@code GET /api/backups/{id}} and what lies below it: link and manifest. */
abstract class StoredBackupCases extends ApiCases {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void aDownloadLinkGivesTheArchiveToWhoeverHasIt() throws Exception {
        HttpResponse<String> answer =
                call("POST", BACKUPS + "/" + good.path("id").asText() + "/download-url");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode link = BactrianService.json(answer.body());
        String url = link.path("url").asText();

        HttpResponse<byte[]> archive =
                HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());

        assertThat(archive.statusCode()).isEqualTo(200);
        assertThat(archive.body()).hasSize(good.path("size_bytes").asInt());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive.body())))
                .isEqualTo(good.path("sha256").asText());
        assertThat(Instant.parse(link.path("expires_at").asText()))
                .isBetween(Instant.now().plusSeconds(840), Instant.now().plusSeconds(900));
        assertThat(url).contains("X-Amz-Expires=900&").doesNotContain(TestStore.SECRET);
        HttpResponse<String> forged = HTTP.send(
                HttpRequest.newBuilder(URI.create(url.replace("Expires=900", "Expires=901")))
                        .build(),
                BodyHandlers.ofString());
        assertThat(forged.statusCode()).isEqualTo(403);
    }

    @Test
    void theManifestIsTheOneBesideTheArchive() throws IOException {
        HttpResponse<String> answer =
                call("GET", BACKUPS + "/" + good.path("id").asText() + "/manifest");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String key = good.path("s3_key").asText();
        assertThat(store.download(key.substring(0, key.lastIndexOf('/')) + "/manifest.json"))
                .hasContent(answer.body());
        JsonNode archive = BactrianService.json(answer.body()).path("archive");
        assertThat(archive.path("sha256")).isEqualTo(good.path("sha256"));
        assertThat(archive.path("size").asLong())
                .isEqualTo(good.path("size_bytes").asLong());
    }
}
