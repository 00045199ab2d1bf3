package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code GET /api/backups}: pages and filters. */
abstract class ListedBackupsCases extends ApiCases {

    @Test
    void pagesHoldEveryBackupOnceThoughNewOnesBegin() {
        insertPaged(12, "2026-01-02T03:04:05.123456Z");
        insertPaged(11, "2026-01-02T03:04:05.123457Z");
        List<String> expected = control.jdbc()
                .queryForList(
                        "SELECT id::text FROM backup_history WHERE database = 'paging' ORDER BY created_at DESC, id DESC",
                        String.class);
        List<String> found = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = list("?database=paging&limit=7" + cursor);
            page.path("backups").forEach(row -> found.add(row.path("id").asText()));
            sizes.add(page.path("backups").size());
            assertThat(page.has("next_cursor")).isTrue();
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asText();
            insertPaged(1, "2026-02-01T00:00:00Z");
        } while (!cursor.isEmpty());

        assertThat(found).isEqualTo(expected);
        assertThat(sizes).containsExactly(7, 7, 7, 2);
        assertThat(list("?database=paging&limit=27").path("next_cursor").isNull())
                .isTrue();
        assertThat(list("?database=paging").path("backups")).hasSize(20);
        assertThat(list("?database=paging&limit=100").path("backups")).hasSize(27);
    }

    @Test
    void filtersLeaveOutWhatWasNotAskedFor() {
        control.run("INSERT INTO backup_history (status, database, trigger) VALUES ('success', 'sieve', 'push'), "
                + "('success', 'sieve', 'api'), ('cancelled', 'sieve', 'schedule'), ('cancelled', 'sift', 'schedule')");

        assertThat(list("?database=sieve").path("backups")).hasSize(3);
        assertThat(list("?database=sieve&status=success").path("backups"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.path("database").asText()).isEqualTo("sieve");
                    assertThat(row.path("status").asText()).isEqualTo("success");
                });
        assertThat(list("?status=cancelled").path("backups"))
                .extracting(row -> row.path("database").asText())
                .containsExactlyInAnyOrder("sieve", "sift");
        assertThat(list("?trigger=schedule").path("backups"))
                .extracting(row -> row.path("database").asText())
                .containsExactlyInAnyOrder("sieve", "sift");
        assertThat(list("?database=sieve&trigger=push").path("backups"))
                .singleElement()
                .satisfies(row -> assertThat(row.path("trigger").asText()).isEqualTo("push"));
        assertThat(list("?database=nowhere").path("backups")).isEmpty();
    }

    static Stream<String> refusedQueries() {
        return Stream.of(
                "status=",
                "status=SUCCESS",
                "status=success,failed",
                "status=success&status=success",
                "status=success%00",
                "status='%20OR%20true",
                "database=",
                "database=Default",
                "database=%00",
                "database=%ff",
                "database=%zz",
                "database=a&database=a",
                "database=" + "d".repeat(41),
                "limit=",
                "limit=0",
                "limit=-1",
                "limit=101",
                "limit=1000",
                "limit=1.0",
                "limit=%2B1",
                "limit=%D9%A1",
                "limit=1&limit=1",
                "limit=99999999999999999999",
                "limit=5%3BDROP",
                "cursor=",
                "cursor=x",
                "cursor=%00",
                "cursor=" + cursor("yesterday|" + UNKNOWN),
                "cursor=" + cursor("2026-01-01T00:00:00Z"),
                "cursor=" + cursor("2026-01-01T00:00:00Z|x"),
                "cursor=" + cursor("|"),
                // Times that Java reads and PostgreSQL doesn't.
                "cursor=" + cursor("+1000000000-12-31T23:59:59.999999999Z|" + UNKNOWN),
                "cursor=" + cursor("-1000000000-01-01T00:00:00Z|" + UNKNOWN),
                "cursor=" + cursor("0000-01-01T00:00:00Z|" + UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("refusedQueries")
    void aQueryThatIsNotAsDescribedIsRefused(String query) {
        Answer answer = raw("GET " + BACKUPS + "?" + query + " HTTP/1.1", "Authorization: " + KEY);
        assertProblem(answer.status(), answer.type(), answer.body(), 400, "bad-request");
    }

    private static JsonNode list(String query) {
        HttpResponse<String> answer = call("GET", BACKUPS + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BactrianService.json(answer.body());
    }

    private static void insertPaged(int count, String createdAt) {
        control.run("INSERT INTO backup_history (status, database, created_at) SELECT 'cancelled', 'paging', '"
                + createdAt + "' FROM generate_series(1, " + count + ")");
    }

    private static String cursor(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
