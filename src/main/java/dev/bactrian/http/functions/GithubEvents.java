package dev.bactrian.http.functions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.config.GithubSettings;
import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.api.ApiProblem;
import dev.bactrian.http.api.ApiRequests;
import dev.bactrian.http.api.JsonResponse;
import dev.bactrian.http.api.ListQuery;
import dev.bactrian.support.JsonText;
import dev.bactrian.support.Sha256;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Reads what GitHub delivers to {@code POST /hooks/github}: a body in JSON, or a form with the JSON in its field
 * {@code payload}, signed in both cases as it is sent.
 */
public final class GithubEvents {

    /** Bytes of a delivery, which nobody has checked yet: thousands of commits, but no threat to the memory. */
    public static final int LARGEST = 4_194_304;

    /** What a delivery that shows no right signature is answered with. */
    public static final ApiProblem BAD_SIGNATURE = new ApiProblem(
            401,
            "bad-signature",
            "The delivery's signature is missing or wrong",
            "Set the webhook's secret on GitHub to the service's GITHUB_WEBHOOK_SECRET. GitHub then sends the "
                    + "signature in X-Hub-Signature-256.");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORM = "payload=";
    private static final String BRANCHES = "refs/heads/";
    private static final int NO_CONTENT = 204;
    /** What a dispatch id has room for. */
    private static final int LONGEST_NAME = 28;

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

    private final ApiRequests requests;
    private final @Nullable HmacSignature signature;
    private final Map<String, String> branches;

    /**
     * Prepares the reader.
     *
     * @param requests checks what becomes a backup
     */
    GithubEvents(ApiRequests requests, GithubSettings settings) {
        this.requests = requests;
        this.signature = settings.secret() == null ? null : new HmacSignature(settings.secret());
        this.branches = settings.branches();
    }

    /** Refuses what nobody signed who knows the secret, whatever has let it in. */
    public void requireSigned(@Body byte[] body, @Header("X-Hub-Signature-256") @Nullable String shown) {
        if (signature == null || !signature.signs(body, shown)) {
            throw new ApiException(BAD_SIGNATURE);
        }
    }

    /** What happened, and the backup that it leads to. */
    public GithubEvent read(
            @Body byte[] body,
            @Header("X-GitHub-Event") @Nullable String event,
            @Header("X-GitHub-Delivery") @Nullable String delivery) {
        if (event == null
                || delivery == null
                || !ListQuery.DISPATCH_ID.matcher(delivery).matches()) {
            throw ApiException.badRequest(
                    "A delivery from GitHub has the headers X-GitHub-Event and X-GitHub-Delivery.");
        }
        JsonNode payload = payload(new String(body, StandardCharsets.UTF_8));
        String ref = payload.path("ref").asText();
        String database = ref.startsWith(BRANCHES) ? branches.get(ref.substring(BRANCHES.length())) : null;
        if (!"push".equals(event) || database == null || payload.path("deleted").asBoolean()) {
            return new GithubEvent(event, null);
        }
        requirePush(payload);
        ObjectNode request = JSON.createObjectNode()
                .put("database", database)
                .put("dispatch_id", dispatchId(body, database))
                .put("event", event)
                .put("ref", ref);
        request.set("source_repo", payload.path("repository").get("full_name"));
        request.set("sha", payload.get("after"));
        return new GithubEvent(event, requests.backup(request, "push"));
    }

    /**
     * Nothing but the body is signed. So the delivery's id, which anybody can change who has got hold of a delivery, doesn't count:
     * the same body is the same backup of a database, whenever and however often it comes.
     */
    static String dispatchId(byte[] body, String database) {
        String whose = database.length() > LONGEST_NAME
                ? Sha256.of(database.getBytes(StandardCharsets.UTF_8)).substring(0, LONGEST_NAME)
                : database;
        return "github-" + Sha256.of(body) + "-" + whose;
    }

    /** Nor is the event's name signed: what GitHub has signed as another event must not pass for a push. */
    private static void requirePush(JsonNode payload) {
        for (String commit : List.of("before", "after")) {
            if (!COMMIT.matcher(payload.path(commit).asText()).matches()) {
                throw ApiException.badRequest("A push must name the commits before and after it by their full hashes.");
            }
        }
        if (!payload.path("commits").isArray()) {
            throw ApiException.badRequest("A push must have a list of commits.");
        }
    }

    /** Greets a new webhook, and tells whoever set it up what it will do. */
    public void pong(Exchange exchange) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("message", "pong");
        answer.put("branches", branches);
        JsonResponse.ofText(exchange, JsonText.of(answer));
    }

    /** Leads to nothing, and is no error. */
    public void ignored(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, NO_CONTENT);
        message.setBody(null);
    }

    private static JsonNode payload(String body) {
        try {
            String text = body.startsWith(FORM)
                    ? URLDecoder.decode(body.substring(FORM.length()), StandardCharsets.UTF_8)
                    : body;
            JsonNode payload = JSON.readTree(text);
            if (payload.isObject()) {
                return payload;
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // The parser's message quotes the body.
        }
        throw ApiException.badRequest("The body must be one JSON object, or a form whose field payload is one. Set "
                + "the webhook's content type on GitHub to application/json.");
    }
}
