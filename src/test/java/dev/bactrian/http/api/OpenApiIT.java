package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ValidationMessage;
import dev.bactrian.http.sse.EventStreamEndpoint;
import dev.bactrian.testing.BactrianService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds openapi.yaml against what the service does: neither may say more, less or something else than the other. */
class OpenApiIT extends ContractCases {

    @BeforeAll
    static void startOnce() {
        start();
    }

    @AfterAll
    static void stopAll() {
        stop();
    }

    @Test
    void describesTheRoutesThatThereAreAndNoOthers() {
        Map<String, String> served = new TreeMap<>();
        for (Route route : service.app().context().getRoutes()) {
            // The page is made of files, and no part of the contract.
            if (route.getEndpoint() instanceof PlatformHttpEndpoint http
                    && !Set.of("/", "/web").contains(http.getPath())) {
                assertThat(http.getHttpMethodRestrict()).as(route.getId()).isNotBlank();
                List<String> methods = List.of(http.getHttpMethodRestrict().split(","));
                // An operation needs an id of its own: of a route of two, the second one asks by a query.
                methods.forEach(method -> served.put(
                        method.strip() + " " + http.getPath(),
                        route.getId() + (methods.indexOf(method) == 0 ? "" : "-by-query")));
            } else if (route.getEndpoint() instanceof EventStreamEndpoint followed) {
                served.put("GET " + followed.getPath(), route.getId());
            }
        }
        Map<String, String> described = new TreeMap<>();
        Contract.eachOperation((name, operation) ->
                described.put(name, operation.path("operationId").asText()));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void isServedToEverybodyAsItIs() throws IOException {
        HttpResponse<String> answer =
                BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/openapi.yaml"))
                        .build());
        look("GET", "/openapi.yaml", answer);
        assertThat(answer.body()).isEqualTo(Contract.text());
    }

    @Test
    void statesTheFormsOfFieldsAsTheServiceDoes() {
        for (Map.Entry<String, JsonNode> field : Contract.CONTRACT
                .at("/components/schemas/BackupRequest/properties")
                .properties()) {
            String answer = service.send("POST", "/api/backups", "{\"" + field.getKey() + "\": 1}")
                    .body();
            if (field.getValue().has("$ref")) {
                JsonNode patterns = Contract.CONTRACT.at("/components/schemas/Patterns");
                assertThat(BactrianService.json(answer).path("detail").asText())
                        .startsWith(field.getKey() + " must be a list of " + patterns.path("minItems") + " to "
                                + patterns.path("maxItems") + " patterns, each a string of 1 to "
                                + patterns.at("/items/maxLength") + " characters.");
                continue;
            }
            JsonNode form = field.getValue().has("items") ? field.getValue().path("items") : field.getValue();
            String pattern = form.path("pattern").asText();
            assertThat(BactrianService.json(answer).path("detail").asText())
                    .endsWith(" of the form " + pattern.replaceAll("^\\^|\\$$", "") + ".");
        }
        for (Map.Entry<String, JsonNode> field : Contract.CONTRACT
                .at("/components/schemas/RestoreRequest/properties")
                .properties()) {
            ObjectNode body = (ObjectNode) BactrianService.json(restore);
            String detail = BactrianService.json(call(
                                    "POST",
                                    "/api/restores",
                                    body.put(field.getKey(), 1).toString())
                            .body())
                    .path("detail")
                    .asText();
            JsonNode names = Contract.CONTRACT.at("/components/schemas/Names");
            assertThat(detail)
                    .startsWith(field.getKey() + " must be ")
                    .contains(
                            field.getValue().has("$ref")
                                    ? "a list of " + names.path("minItems") + " to " + names.path("maxItems")
                                            + " names, each a string of 1 to " + names.at("/items/maxLength")
                                    : field.getValue().has("pattern")
                                            ? " of the form "
                                                    + field.getValue()
                                                            .path("pattern")
                                                            .asText()
                                                            .replaceAll("^\\^|\\$$", "")
                                                    + "."
                                            : "true or false.");
        }
        String unknown = BactrianService.json(
                        service.send("POST", "/api/backups", "{\"x\": 1}").body())
                .path("detail")
                .asText();
        List<String> names = StreamSupport.stream(
                        ((Iterable<String>)
                                        Contract.CONTRACT.at("/components/schemas/BackupRequest/properties")
                                                ::fieldNames)
                                .spliterator(),
                        false)
                .sorted()
                .toList();
        assertThat(unknown).endsWith("Known are: " + String.join(", ", names) + ".");
    }

    @Test
    void givesExamplesThatFitTheirSchemas() {
        List<String> wrong = new ArrayList<>();
        int examples = examples(Contract.CONTRACT.path("paths"), wrong)
                + examples(Contract.CONTRACT.at("/components/responses"), wrong);
        assertThat(wrong).isEmpty();
        assertThat(examples).isGreaterThan(15);
    }

    @Test
    void describesEveryAnswerThatTheServiceGives() throws Exception {
        SEEN.clear();

        BackupAnswers.given();
        ServiceAnswers.given();
        SettingsAnswers.given();
        RestoreAnswers.given();
        RestoreAnswers.refused();
        BackupAnswers.refused();
        CommonAnswers.toOddIds();
        CommonAnswers.withoutAKey();
        CommonAnswers.whenTheQueueIsFull();
        FunctionAnswers.given();
        DeliveryAnswers.given();
        CommonAnswers.whenBackupsAreOff();
        CommonAnswers.withoutAStore();
        CommonAnswers.withoutAHistory();
        ServiceAnswers.tooMany();

        Set<String> described = new TreeSet<>();
        Contract.eachOperation((name, operation) -> operation
                .path("responses")
                .fieldNames()
                .forEachRemaining(status -> described.add(name + " " + status)));
        // What nobody foresees can't be made to happen everywhere.
        described.removeIf(answer -> answer.endsWith(" 500"));
        SEEN.removeIf(answer -> answer.endsWith(" 500"));
        // A link is signed without the store: only the credentials of a role, which its host doesn't give out, can be
        // lacking.
        described.remove("POST /api/backups/{id}/download-url 502");
        described.remove("POST /functions/v1/generate-signed-url 502");
        // EntriesIT fills all places, which are the same.
        described.remove("GET /downloads/{id}/{signature} 429");
        described.remove("GET /api/backups/{id}/entries/{name} 429");
        assertThat(SEEN).isEqualTo(described);
    }

    /** Without this, a validator that accepts everything would pass all of the above. */
    @Test
    void refusesAnswersThatAreNotAsDescribed() {
        JsonNode schema = Contract.schema("/components/schemas/Backup");
        ObjectNode row = (ObjectNode) service.backup(backup);
        assertThat(Contract.validate(schema, row)).isEmpty();

        for (ObjectNode wrong : List.of(
                row.deepCopy().without("status"),
                row.deepCopy().put("status", "done"),
                row.deepCopy().put("phase", "resting"),
                row.deepCopy().put("id", "1"),
                row.deepCopy().put("size_bytes", "1"),
                row.deepCopy().put("created_at", "2026-11-20 18:40:39"),
                row.deepCopy().put("created_at", "2026-11-20T18:40:39+01:00"),
                row.deepCopy().put("finished_at", "yesterday"),
                row.deepCopy().put("sha256", "A".repeat(64)),
                row.deepCopy().put("rows_total", "many"),
                row.deepCopy().put("warnings", "none"),
                row.deepCopy().put("node", "host/1/1"))) {
            assertThat(Contract.validate(schema, wrong)).as(wrong.toString()).isNotEmpty();
        }
    }

    private static int examples(JsonNode node, List<String> wrong) {
        int count = 0;
        if (node.has("schema") && node.has("examples")) {
            for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
                JsonNode value = Contract.resolve(example.getValue()).path("value");
                Set<ValidationMessage> messages = Contract.validate(node.path("schema"), value);
                if (!messages.isEmpty() || value.isMissingNode()) {
                    wrong.add(example.getKey() + ": " + messages);
                }
                count++;
            }
        }
        for (JsonNode child : node) {
            count += examples(child, wrong);
        }
        return count;
    }
}
