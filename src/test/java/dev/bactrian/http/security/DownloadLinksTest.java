package dev.bactrian.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DownloadLinksTest {

    private static final String ID = "11d3b785-2822-42ab-b4ed-9468ae2274d7";
    private static final long LATER = Instant.now().getEpochSecond() + 60;

    private final DownloadLinks links = new DownloadLinks("a key of the service", null);

    @Test
    void onlyWhatWasSignedOpens() {
        String path = links.path(ID, LATER);
        assertThat(links.open(path)).isTrue();

        assertThat(links.open(path.replace(ID, UUID.randomUUID().toString()))).isFalse();
        assertThat(links.open(path.replace("/" + LATER + "-", "/" + (LATER + 1) + "-")))
                .isFalse();
        assertThat(links.open(path.substring(0, path.length() - 1) + (path.endsWith("0") ? "1" : "0")))
                .isFalse();
        assertThat(links.open(path.toUpperCase(java.util.Locale.ROOT))).isFalse();
        assertThat(links.open(path + "/")).isFalse();
        assertThat(links.open("/downloads/" + ID + "/")).isFalse();
        assertThat(links.open(links.path("any", LATER))).isFalse();
    }

    @Test
    void itEnds() {
        assertThat(links.open(links.path(ID, Instant.now().getEpochSecond()))).isFalse();
    }

    @Test
    void servicesWithTheSameKeyAcceptEachOthers() {
        String path = links.path(ID, LATER);

        assertThat(new DownloadLinks("a key of the service", "https://a.example").open(path))
                .isTrue();
        assertThat(new DownloadLinks("another key", null).open(path)).isFalse();
    }

    @Test
    void itLeadsToTheServicesAddress() {
        String link = new DownloadLinks("a key of the service", "https://a.example/b").of(Map.of("id", ID));

        assertThat(link).startsWith("https://a.example/b/downloads/" + ID + "/");
        assertThat(links.open(link.replace("https://a.example/b", ""))).isTrue();
        assertThat(links.of(Map.of("id", ID))).startsWith("/downloads/" + ID + "/");
    }
}
