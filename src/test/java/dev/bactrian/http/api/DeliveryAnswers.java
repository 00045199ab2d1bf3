package dev.bactrian.http.api;

import dev.bactrian.http.functions.HmacSignature;
import dev.bactrian.testing.BactrianService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers to GitHub's deliveries. */
final class DeliveryAnswers extends ContractCases {

    static void given() {
        String push = GithubHookIT.resource("push.json");
        for (String body : List.of(push, push.replace("heads/main", "tags/main"), "[]", " ".repeat(4_194_305))) {
            look("POST", HOOK, deliver(service, "push", body));
        }
        look("POST", HOOK, deliver(service, "push", push.replace("\"after\": \"", "\"after\": \"abc")));
        look("POST", HOOK, deliver(service, "ping", GithubHookIT.resource("ping.json")));
    }

    static HttpResponse<String> deliver(BactrianService to, String event, String body) {
        return deliver(to, event, body, "contract-delivery");
    }

    static HttpResponse<String> deliver(BactrianService to, String event, String body, String id) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(to.base() + HOOK))
                .header("Content-Type", JSON_TYPE)
                .header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", id)
                .header("X-Hub-Signature-256", new HmacSignature(SECRET).of(body.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }
}
