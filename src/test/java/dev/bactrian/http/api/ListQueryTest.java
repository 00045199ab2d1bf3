package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of the history: none may leave a row out or show one twice, and no query is a database error. */
class ListQueryTest {

    @Test
    void nothingAskedForIsTheFirstPage() {
        assertThat(ListQuery.parse(null, null, null, null, null, null))
                .isEqualTo(new ListQuery(null, null, null, null, 20, null, null));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"in_progress", "success", "failed", "cancelled"})
    void everyStatusCanBeAskedFor(String status) {
        assertThat(ListQuery.parse(status, "prod", null, null, "100", null).status())
                .isEqualTo(status);
    }

    @Test
    void oneMoreThanThePageTellsWhetherThereIsAnother() {
        assertThat(ListQuery.parse(null, null, null, null, "1", null).limitPlusOne())
                .isEqualTo(2);
        assertThat(ListQuery.parse(null, null, null, null, "100", null).limitPlusOne())
                .isEqualTo(101);
    }

    /** The database keeps microseconds: a cursor that lost them would skip or repeat rows. */
    @Test
    void aCursorGoesOnAfterExactlyItsRow() {
        UUID id = UUID.fromString("0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a");
        for (String time :
                new String[] {"2026-11-20T18:27:04.123456Z", "2026-11-20T18:27:04Z", "1999-12-31T23:59:59.9Z"}) {
            Map<String, Object> row = Map.of("created_at", Timestamp.from(Instant.parse(time)), "id", id);

            String cursor = ListQuery.cursorAfter(row);
            ListQuery next = ListQuery.parse("failed", "prod", "deploy-1", "push", "7", cursor);

            assertThat(cursor).matches("[A-Za-z0-9_-]+");
            assertThat(next)
                    .isEqualTo(
                            new ListQuery("failed", "prod", "deploy-1", "push", 7, next.cursorTime(), id.toString()));
            assertThat(Instant.parse(next.cursorTime())).isEqualTo(Instant.parse(time));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status   | queued     | status must be one of cancelled, failed, in_progress, success.",
                "status   | SUCCESS    | status must be one of",
                "status   | ''         | status must be one of",
                "limit    | 0          | limit must be a whole number from 1 to 100.",
                "limit    | 101        | limit must be a whole number from 1 to 100.",
                "limit    | -1         | limit must be a whole number from 1 to 100.",
                "limit    | 1.5        | limit must be a whole number from 1 to 100.",
                "limit    | ''         | limit must be a whole number from 1 to 100.",
                "limit    | +5         | limit must be a whole number from 1 to 100.",
                "limit    | 99999999999| limit must be a whole number from 1 to 100.",
                "limit    | ٣          | limit must be a whole number from 1 to 100.",
                "database | Prod       | database must be",
                "database | a'b        | database must be",
                "database | ''         | database must be",
                "dispatch_id | a b     | dispatch_id must be of the form",
                "trigger  | webhook    | trigger must be one of api, manual, push, schedule.",
                "trigger  | Push       | trigger must be one of",
                "trigger  | ''         | trigger must be one of",
                "cursor   | ''         | cursor must be the next_cursor of an earlier response.",
                "cursor   | !!         | cursor must be the next_cursor of an earlier response.",
                "cursor   | AAAA       | cursor must be the next_cursor of an earlier response.",
            })
    void aBadQueryIsTheCallersMistake(String parameter, String value, String detail) {
        assertThat(problem(parameter, value))
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(400))
                .satisfies(problem -> assertThat(problem.detail()).contains(detail));
    }

    /** PostgreSQL has no text with a zero byte: it would answer with an error of its own. */
    @Test
    void aZeroByteIsTheCallersMistakeToo() {
        assertThat(problem("database", "a\0b").status()).isEqualTo(400);
        assertThat(problem("status", "a\0b").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T18:27:04Z",
                "2026-11-20T18:27:04Z|",
                "|0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
                "yesterday|0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
                "2026-11-20T18:27:04Z|'; DROP TABLE x",
                "+1000000000-12-31T23:59:59Z|0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
                "-999999999-01-01T00:00:00Z|0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
            })
    void aForgedCursorIsTheCallersMistake(String text) {
        String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThat(problem("cursor", cursor).status()).isEqualTo(400);
    }

    private static ApiProblem problem(String parameter, String value) {
        return catchThrowableOfType(
                        ApiException.class,
                        () -> ListQuery.parse(
                                "status".equals(parameter) ? value : null,
                                "database".equals(parameter) ? value : null,
                                "dispatch_id".equals(parameter) ? value : null,
                                "trigger".equals(parameter) ? value : null,
                                "limit".equals(parameter) ? value : null,
                                "cursor".equals(parameter) ? value : null))
                .problem();
    }
}
