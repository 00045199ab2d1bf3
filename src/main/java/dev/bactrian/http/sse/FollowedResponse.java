package dev.bactrian.http.sse;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What a followed route has answered. */
record FollowedResponse(int status, @Nullable String contentType, String body, String event, boolean last) {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    static FollowedResponse of(Message message) {
        return new FollowedResponse(
                message.getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class),
                message.getHeader(Exchange.CONTENT_TYPE, String.class),
                message.getBody(String.class),
                message.getHeader("event", "message", String.class),
                message.getHeader("lastEvent", false, Boolean.class));
    }

    boolean isError() {
        return status >= BAD_REQUEST;
    }

    /** In the form of the stream. */
    String text() {
        return "event: " + event + "\ndata: " + body + "\n\n";
    }
}
