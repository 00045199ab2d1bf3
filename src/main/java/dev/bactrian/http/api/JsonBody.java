package dev.bactrian.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Reads a request's body, which must be one JSON object in UTF-8 without a field twice. */
public final class JsonBody {

    private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/json\\s*(;.*)?");
    private static final Pattern TEXT_TYPE = Pattern.compile("(?i)(application/json|text/plain)\\s*(;.*)?");
    private static final byte[] OTHER = {'?'};
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** The object that a message's body is; an empty one when there is no body at all. */
    static JsonNode of(Message message) {
        return of(message, JSON_TYPE);
    }

    /**
     * The same of callers of functions: supabase-js sends an object that was made a text before, by JSON.stringify, as
     * text/plain, and fetch does so with every text.
     */
    public static JsonNode ofText(Message message) {
        return of(message, TEXT_TYPE);
    }

    private static JsonNode of(Message message, Pattern accepted) {
        String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
        // A form's body isn't the message's: Camel takes it apart.
        byte[] bytes = type.isEmpty() || accepted.matcher(type).matches() ? message.getBody(byte[].class) : OTHER;
        if (bytes == null || bytes.length == 0) {
            return JSON.createObjectNode();
        }
        if (!accepted.matcher(type).matches()) {
            throw new ApiException(new ApiProblem(
                    415,
                    "unsupported-media-type",
                    "The body must be JSON",
                    "Send the header Content-Type: application/json, or no body."));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonNode body = text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
            if (body.isObject()) {
                return body;
            }
        } catch (CharacterCodingException | JsonProcessingException e) {
            // The parser's message quotes the body, which may hold anything.
        }
        throw ApiException.badRequest("The body must be one JSON object, in UTF-8.");
    }
}
