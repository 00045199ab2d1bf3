package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key, on every resource, and what is open without it. */
abstract class ApiKeyCases extends ApiCases {

    static Stream<Arguments> wrongKeys() {
        String key = BactrianService.API_KEY;
        return Stream.of(
                Arguments.of("none", List.of()),
                Arguments.of("empty", List.of("Authorization:")),
                Arguments.of("wrong", List.of("Authorization: Bearer " + key + "x")),
                Arguments.of("a part", List.of("Authorization: Bearer " + key.substring(1))),
                Arguments.of("other case", List.of("Authorization: Bearer " + key.toUpperCase(java.util.Locale.ROOT))),
                Arguments.of("scheme alone", List.of("Authorization: Bearer")),
                Arguments.of("scheme and space", List.of("Authorization: Bearer ")),
                Arguments.of("no scheme", List.of("Authorization: " + key)),
                Arguments.of("other scheme", List.of("Authorization: Token " + key)),
                Arguments.of("comma", List.of("Authorization: Bearer," + key)),
                Arguments.of("two keys in one", List.of("Authorization: Bearer " + key + ", Bearer " + key)),
                Arguments.of("two headers", List.of("Authorization: Bearer " + key, "Authorization: Bearer " + key)),
                Arguments.of("wrong and right", List.of("Authorization: Bearer x", "Authorization: Bearer " + key)),
                Arguments.of("right and wrong", List.of("Authorization: Bearer " + key, "authorization: Bearer x")),
                Arguments.of("basic", List.of("Authorization: Basic " + base64("x:" + key))),
                Arguments.of("base64", List.of("Authorization: Bearer " + base64(key))),
                Arguments.of("other header", List.of("X-API-Key: " + key, "Proxy-Authorization: Bearer " + key)),
                Arguments.of("cookie", List.of("Cookie: Authorization=Bearer%20" + key)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongKeys")
    void nobodyPassesWithoutTheKey(String name, List<String> headers) {
        List<String> requests = new ArrayList<>(List.of(
                "GET /nowhere",
                "PUT /api/backups",
                "GET /openapi.yaml/",
                "GET /openapi.yaml/../api/backups",
                "GET /openapi.yaml%2f..%2fapi%2fbackups",
                "GET /openapi.yaml;/../api/backups",
                "GET //api/backups",
                "GET /%61pi/backups",
                "GET /../api/backups",
                "GET /observe/metrics",
                "GET /observe/health"));
        service.app().context().getRoutes().stream()
                .map(route -> route.getEndpoint())
                .filter(PlatformHttpEndpoint.class::isInstance)
                .map(PlatformHttpEndpoint.class::cast)
                // GitHub shows a signature in its place: GithubHookIT. So does a link to an archive: PageFolderIT.
                // The page is open: PageFilesIT.
                .filter(http -> !List.of("/", "/openapi.yaml", "/hooks/github", "/downloads/{id}/{signature}")
                        .contains(http.getPath()))
                // GET,HEAD: an answer to HEAD has no body to look at.
                .forEach(http -> requests.add(http.getHttpMethodRestrict().replaceFirst(",.*", "") + " "
                        + http.getPath().replace("{id}", good.path("id").asText())));
        assertThat(requests).hasSizeGreaterThanOrEqualTo(16);

        for (String request : requests) {
            Answer answer = raw(request + " HTTP/1.1", headers.toArray(String[]::new));
            if (request.contains(" /functions/")) {
                assertThat(answer.status()).as(request).isEqualTo(401);
                assertThat(answer.body()).startsWith("{\"success\":false,\"error\":\"Invalid API key\"");
            } else {
                assertProblem(answer.status(), answer.type(), answer.body(), 401, "unauthorized");
            }
            assertThat(answer.header("WWW-Authenticate")).as(request).isEqualTo("Bearer");
        }
        assertNothingAdded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "api_key", "apikey", "access_token", "token", "Authorization"})
    void theKeyIsNotTakenFromTheQuery(String parameter) {
        for (String value : List.of(BactrianService.API_KEY, "Bearer%20" + BactrianService.API_KEY)) {
            Answer answer = raw("GET " + BACKUPS + "?" + parameter + "=" + value + " HTTP/1.1");
            assertProblem(answer.status(), answer.type(), answer.body(), 401, "unauthorized");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer ", "authorization: bearer ", "AUTHORIZATION: BEARER   "})
    void theSchemesCaseDoesNotMatter(String header) {
        assertThat(raw("GET " + BACKUPS + " HTTP/1.1", header + BactrianService.API_KEY)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyThePageAndTheContractAreOpen() {
        Answer root = raw("GET / HTTP/1.1");
        assertThat(root.status()).isEqualTo(200);
        assertThat(root.type()).isEqualTo("text/html; charset=utf-8");
        Answer contract = raw("GET /openapi.yaml HTTP/1.1");
        assertThat(contract.status()).isEqualTo(200);
        assertThat(contract.type()).isEqualTo("application/yaml");
    }

    @Test
    void whereEveryPageMayCallItStillNeedsTheKey() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + BACKUPS))
                .header("Origin", "https://any.example")
                .header("Access-Control-Request-Method", "GET");
        HttpResponse<String> asked = BactrianService.send(request.copy()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(asked.statusCode()).isEqualTo(204);
        HttpResponse<String> refused = BactrianService.send(request.copy().build());
        assertThat(refused.statusCode()).isEqualTo(401);
        HttpResponse<String> answered =
                BactrianService.send(request.header("Authorization", "Bearer " + BactrianService.API_KEY)
                        .build());
        assertThat(answered.statusCode()).isEqualTo(200);
        for (HttpResponse<String> answer : List.of(asked, refused, answered)) {
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("*");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .as("browsers send no cookies where every page may call")
                    .isEmpty();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
