package dev.bactrian.http.api;

import dev.bactrian.archive.ManifestJson;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes JSON the answer of an exchange. */
public final class JsonResponse {

    private JsonResponse() {}

    /** A value, written as JSON: members by the names of the API, times in UTC. */
    public static Message of(Exchange exchange, Object value) {
        return ofText(exchange, ManifestJson.write(value));
    }

    /** A text that is JSON already. What routes have put into headers isn't sent. */
    public static Message ofText(Exchange exchange, String json) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(json);
        return message;
    }
}
