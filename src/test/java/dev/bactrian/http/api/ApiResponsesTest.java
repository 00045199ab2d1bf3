package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.ProblemException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessResourceFailureException;

/** What callers get: rows without what is nobody's business, whole pages, and errors that say what to do. */
class ApiResponsesTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final ObjectMapper json = new ObjectMapper();
    private final ApiResponses answers = new ApiResponses(PublicPath.below(null));
    private final Exchange exchange = new DefaultExchange(CAMEL);

    @ParameterizedTest
    @CsvSource({
        "https://backups.example.com/bactrian, /bactrian/api/backups/7",
        "https://backups.example.com/of%20us/bactrian, /of%20us/bactrian/api/backups/7",
        "https://backups.example.com, /api/backups/7"
    })
    void placesAreBelowThePublicAddress(String address, String place) {
        assertThat(PublicPath.below(address).of("/api/backups/7")).isEqualTo(place);
    }

    @Test
    void anAcceptedBackupHasAPlaceToLookAt() throws Exception {
        Map<String, Object> row = row(1);

        answers.accepted(exchange, List.of(row), BackupRequest.manual("default"));

        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
        assertThat(exchange.getMessage().getHeader("Location")).isEqualTo("/api/backups/" + row.get("id"));
        assertThat(body().path("id").textValue()).isEqualTo(row.get("id").toString());
    }

    @Test
    void backupsOfSeveralDatabasesAreAList() throws Exception {
        answers.accepted(exchange, List.of(row(1), row(2)), BackupRequest.manual(List.of("prod", "dev"), null));

        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
        assertThat(exchange.getMessage().getHeader("Location")).isEqualTo("/api/backups");
        assertThat(body().path("backups")).hasSize(2);
    }

    @Test
    void noAnswerNamesTheHostAndProcess() throws Exception {
        Map<String, Object> row = row(1);
        row.put("node", "secret-host/1/2");

        answers.backup(exchange, row);

        assertThat(exchange.getMessage().getBody(String.class)).doesNotContain("secret-host", "\"node\"");
        assertThat(row).as("the row itself stays").containsKey("node");
    }

    @Test
    void timesAreUtcText() throws Exception {
        answers.backup(exchange, row(1));

        assertThat(body().path("created_at").textValue()).isEqualTo("2026-11-20T00:00:01Z");
    }

    /** Headers of the request, and of the steps in between, are no headers of the answer. */
    @Test
    void onlyTheAnswersOwnHeadersGoOut() throws Exception {
        exchange.getMessage().setHeader("Authorization", "Bearer hush");

        answers.backup(exchange, row(1));

        assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys(Exchange.CONTENT_TYPE);
    }

    @Test
    void pageByPageEveryRowIsShownOnce() throws Exception {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(row(5 - i));
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            ListQuery query = ListQuery.parse(null, null, null, null, "2", cursor);
            // As list-backups.sql selects.
            List<Map<String, Object>> found = all.stream()
                    .filter(row -> query.cursorTime() == null
                            || ((Timestamp) row.get("created_at"))
                                    .toInstant()
                                    .isBefore(Instant.parse(query.cursorTime())))
                    .limit(query.limitPlusOne())
                    .toList();
            answers.page(exchange, found, query);
            body().path("backups").forEach(row -> seen.add(row.path("id").textValue()));
            cursor = body().path("next_cursor").textValue();
            pages++;
        } while (cursor != null);

        assertThat(pages).isEqualTo(3);
        assertThat(seen)
                .containsExactlyElementsOf(
                        all.stream().map(row -> row.get("id").toString()).toList());
    }

    @Test
    void aFullLastPageIsTheLastPage() throws Exception {
        answers.page(exchange, List.of(row(1), row(2)), ListQuery.parse(null, null, null, null, "2", null));

        assertThat(body().path("backups")).hasSize(2);
        assertThat(body().path("next_cursor").isNull()).isTrue();
    }

    @Test
    void anUnknownIdIsNotFound() {
        UUID id = UUID.randomUUID();
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> answers.known(null, id));

        assertThat(refusal.problem().status()).isEqualTo(404);
        assertThat(refusal.problem().detail()).contains(id.toString());
    }

    @ParameterizedTest
    @CsvSource({"in_progress, false", "failed, false", "cancelled, false", "success, true"})
    void onlyAGoodBackupThatIsStillThereHasAnArchive(String status, boolean deleted) {
        Map<String, Object> row = row(1);
        row.put("status", status);
        row.put("archive_deleted_at", deleted ? Timestamp.from(Instant.EPOCH) : null);

        ApiException refusal = catchThrowableOfType(ApiException.class, () -> answers.storedKey(row));

        assertThat(refusal.problem().status()).isEqualTo(409);
        assertThat(refusal.problem().code()).isEqualTo("no-archive");
    }

    @Test
    void aGoodBackupsKeyIsItsArchive() {
        Map<String, Object> row = row(1);
        row.put("status", "success");
        row.put("s3_key", "backups/x.zip");

        assertThat(answers.storedKey(row)).isEqualTo("backups/x.zip");
    }

    @Test
    void aMissingManifestIsNotFound() {
        assertThat(catchThrowableOfType(ApiException.class, () -> answers.manifest(exchange, null))
                        .problem()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void disabledBackupsAreAConflict() throws Exception {
        JsonNode problem = answer(new BackupsDisabledException("Switched off. Switch on."));

        assertThat(problem.path("status").intValue()).isEqualTo(409);
        assertThat(problem.path("detail").textValue()).isEqualTo("Switched off. Switch on.");
    }

    @Test
    void aDatabaseThatIsAwayIsNotTheCallersMistake() throws Exception {
        JsonNode problem = answer(new DataAccessResourceFailureException("x"));

        assertThat(problem.path("status").intValue()).isEqualTo(503);
        assertThat(problem.path("type").textValue()).endsWith("control-database-unavailable");
        assertThat(problem.path("detail").textValue()).contains("Nothing was changed.");
    }

    @Test
    void anyOtherFailureIsAnInternalErrorWithARemedy() throws Exception {
        JsonNode problem = answer(ProblemException.stopped("What.", "Do this."));

        assertThat(problem.path("status").intValue()).isEqualTo(500);
        assertThat(problem.path("detail").textValue()).isEqualTo("What. Nothing was changed. Do this.");
        assertThat(exchange.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/problem+json");
    }

    private JsonNode answer(Exception failure) throws Exception {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        new Problems(new ErrorTranslators(List.of())).answer(exchange);
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE))
                .isEqualTo(body().path("status").intValue());
        return body();
    }

    private JsonNode body() throws Exception {
        return json.readTree(exchange.getMessage().getBody(String.class));
    }

    private static Map<String, Object> row(int second) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", UUID.randomUUID());
        row.put("status", "in_progress");
        row.put(
                "created_at",
                Timestamp.from(Instant.parse("2026-11-20T00:00:00Z").plusSeconds(second)));
        return row;
    }
}
