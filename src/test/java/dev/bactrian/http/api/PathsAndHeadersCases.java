package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths, methods and headers that the contract doesn't describe, on every resource. */
abstract class PathsAndHeadersCases extends ApiCases {

    @ParameterizedTest
    @CsvSource({
        "GET, /api/backups/{unknown}, 404",
        "GET, /api/backups/{unknown}/manifest, 404",
        "POST, /api/backups/{unknown}/download-url, 404",
        "GET, /api/backups/{failed}/manifest, 409",
        "POST, /api/backups/{failed}/download-url, 409",
        "GET, /api/backups/1, 400",
        "GET, /api/backups/null, 400",
        "GET, /api/backups/{good}0, 400",
        "GET, /api/backups/1-1-1-1-1, 400",
        "GET, /api/backups/%20{good}, 400",
        "GET, /api/backups/{good}%0A, 400",
        "GET, /api/backups/{good}%00, 400",
        "GET, /api/backups/{good};a=b, 400",
        "GET, /api/backups/{good}%2Fmanifest, 400",
        "GET, /api/backups/..%2F{good}, 400",
        "GET, /api/backups/%252e%252e, 400",
        "GET, /api/backups/*, 400",
        "GET, /api/backups/1/manifest, 400",
        "POST, /api/backups/1/download-url, 400",
        "GET, /api/backups/{good}?id={failed}, 400",
        "GET, /api/backups/{good}/manifest?id={failed}, 400",
        "POST, /api/backups/{good}/download-url?id={failed}, 400",
        "GET, /api/backups/%zz, 400",
        "GET, /api/backups/%, 400",
        "GET, /api/backups/%ff, 400",
        "GET, /api/backups/../../etc/passwd, 404",
        "GET, /api/backups/%2e%2e/%2e%2e/application.properties, 404",
        "GET, /api/backups/{good}/manifest/more, 404",
        "GET, /api/backups/{good}/manifest/../../../x, 404",
        "GET, /api/Backups, 404",
        "GET, /api, 404",
        "POST, /api/settings, 404",
        "DELETE, /api/settings, 404",
        "GET, /favicon.ico, 404",
        "GET, /openapi.yaml/x, 404",
        "GET, /WEB-INF/web.xml, 404",
        "GET, /observe/health, 404",
        "GET, /observe/metrics, 404",
        "GET, /q/health, 404",
        "GET, /q/dev, 404",
        "PUT, /api/backups, 404",
        "PATCH, /api/backups, 404",
        "DELETE, /api/backups, 404",
        "TRACE, /api/backups, 404",
        "OPTIONS, /api/backups, 404",
        "FROBNICATE, /api/backups, 404",
        "post, /api/backups, 404",
        "DELETE, /api/backups/{good}/manifest, 404",
        "POST, /api/backups/{good}, 404",
        "POST, /api/backups/{good}/manifest, 404",
        "GET, /api/backups/{good}/download-url, 404",
        "PUT, /openapi.yaml, 404",
        "POST, /, 404",
        "GET, /web, 404",
        "POST, /web/panel.js, 404",
    })
    void aPathOrMethodThatIsNotDescribedIsRefused(String method, String path, int status) {
        Answer answer = raw(method + " " + fill(path) + " HTTP/1.1", "Authorization: " + KEY, "Content-Length: 0");

        String code = status == 400 ? "bad-request" : status == 409 ? "no-archive" : "not-found";
        assertProblem(answer.status(), answer.type(), answer.body(), status, code);
        // TRACE echoes a request, key and all, where it is served.
        assertThat(answer.body()).doesNotContain(BactrianService.API_KEY);
        assertNothingAdded();
    }

    @Test
    void headersThatSteerCamelHaveNoEffectWhereverTheyAreSent() {
        List<String> steering = List.of(
                "CamelSqlQuery", "DELETE FROM backup_history",
                "CamelSqlParameters", "x",
                "CamelSqlRetrieveGeneratedKeys", "true",
                "CamelHttpUri", "/openapi.yaml",
                "CamelHttpPath", "/openapi.yaml",
                "CamelHttpMethod", "DELETE",
                "CamelHttpResponseCode", "299",
                "CamelAwsS3Key", "backups/latest/default/manifest.json",
                "CamelAwsS3BucketName", "elsewhere",
                "CamelAwsS3OverrideBucketName", "elsewhere",
                "CamelAwsS3Operation", "deleteObject",
                "CamelAwsS3DowloadLinkExpirationTime", "604800000",
                "CamelExecCommandExecutable", "touch",
                "CamelExecCommandArgs", store.bucket() + "-was-here",
                "CamelFileName", "../x",
                "CamelBeanMethodName", "openapi",
                "CAmelSqlQuery", "DELETE FROM backup_history",
                "camelbeanmethodname", "openapi",
                "org.apache.camel.x", "x",
                "key", "backups/latest/default/manifest.json",
                "backupId", FAILED);
        String query = "?";
        for (int i = 0; i < steering.size(); i += 2) {
            query += steering.get(i) + "=" + URLEncoder.encode(steering.get(i + 1), StandardCharsets.UTF_8) + "&";
        }
        String[] headers = steering.toArray(String[]::new);
        String one = BACKUPS + "/" + good.path("id").asText();
        String link = good.path("s3_key").asText() + "?";

        for (String path : List.of(BACKUPS, one, one + "/manifest")) {
            String usual = call("GET", path).body();
            assertThat(call("GET", path, none(), headers).body()).isEqualTo(usual);
            assertThat(call("GET", path + query, none()).body()).isEqualTo(usual);
            assertThat(call("GET", path + query, none(), headers).body()).isEqualTo(usual);
        }
        for (HttpResponse<String> answer : List.of(
                call("POST", one + "/download-url", none(), headers),
                call("POST", one + "/download-url" + query, none()),
                call("POST", one + "/download-url", text(query.substring(1)), "Content-Type", FORM))) {
            assertThat(answer.body()).contains(link).contains("X-Amz-Expires=900&");
        }
        assertNothingAdded();

        HttpResponse<String> queued = call("POST", BACKUPS + query, none(), headers);
        assertThat(queued.statusCode()).isEqualTo(202);
        assertThat(rows("true")).isEqualTo(before + 1);
        assertThat(store.keys()).contains(good.path("s3_key").asText());
        assertThat(Path.of(store.bucket() + "-was-here")).doesNotExist();
    }

    @Test
    void headersNamedLikeParametersAreNotTakenForThem() {
        String[] headers = {
            "id",
            FAILED,
            "status",
            "failed",
            "database",
            "nowhere",
            "limit",
            "1",
            "cursor",
            "x",
            "list",
            "x",
            "request",
            "x"
        };
        String one = BACKUPS + "/" + good.path("id").asText();
        for (String path : List.of(one, BACKUPS, one + "/manifest")) {
            HttpResponse<String> answer = call("GET", path, none(), headers);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(call("GET", path).body());
        }
    }

    private static String fill(String path) {
        return path.replace("{unknown}", UNKNOWN)
                .replace("{failed}", FAILED)
                .replace("{good}", good.path("id").asText());
    }
}
