package dev.bactrian.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.ManifestJson;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes JSON the answer of an exchange. */
final class JsonAnswer {

    private static final ObjectMapper JSON = ManifestJson.mapper();

    private JsonAnswer() {}

    /** A value, written as JSON: members by the names of the API, times in UTC. */
    static Message of(Exchange exchange, Object value) throws JsonProcessingException {
        return ofText(exchange, JSON.writeValueAsString(value));
    }

    /** A text that is JSON already. What routes have put into headers isn't sent. */
    static Message ofText(Exchange exchange, String json) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(json);
        return message;
    }
}
