package dev.bactrian.http.api;

import dev.bactrian.testing.BactrianService;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Answers about the service itself: what it is, checks, test messages. */
final class ServiceAnswers extends ContractCases {

    static void given() throws Exception {
        look("GET", "/api/service", service.send("GET", "/api/service", null));
        look("GET", "/api/databases", service.send("GET", "/api/databases", null));
        lookAtChecks();
        look("POST", TEST, service.send("POST", TEST, null));
        look("POST", TEST, service.send("POST", TEST, "{\"event\": \"success\"}"));
        look("POST", TEST, service.send("POST", TEST, "{\"event\": \"start\"}"));
        look("POST", TEST, service.send("POST", TEST, BIG));
        look("POST", TEST, typed(BactrianService.API_KEY, "POST", TEST, "text/plain", "failure"));
    }

    static void tooMany() {
        HttpResponse<String> test;
        do {
            test = service.send("POST", TEST, "{\"event\": \"success\"}");
            look("POST", TEST, test);
        } while (test.statusCode() == 409);
    }

    /** One that runs until the control database's migrations can be looked at keeps another one from running. */
    private static void lookAtChecks() throws Exception {
        try (Connection connection = control.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE bactrian_schema_history");
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> service.send("POST", "/api/checks", null));
            Awaitility.await("a check that waits")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> control.jdbc()
                            .queryForObject(
                                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = "
                                            + "'bactrian_schema_history'::regclass)",
                                    Boolean.class));
            look("POST", "/api/checks", service.send("POST", "/api/checks", null));
            connection.rollback();
            look("POST", "/api/checks", first.get());
        }
        look("POST", "/api/checks", service.send("POST", "/api/checks", BIG));
    }
}
