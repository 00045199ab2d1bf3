package dev.bactrian.http.api;

import dev.bactrian.support.JsonText;
import dev.bactrian.support.Printable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Problem details for HTTP APIs (RFC 9457).
 *
 * @param code last part of the type URN: stable, for programs
 * @param detail what to do next, for people
 */
public record ApiProblem(int status, String code, String title, String detail) {

    /** They quote what requests and servers say: each is one line of {@link Printable} text. */
    public ApiProblem {
        title = Printable.line(title);
        detail = Printable.line(detail);
    }

    public static final String CONTENT_TYPE = "application/problem+json";

    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "urn:bactrian:problem:" + code);
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        return JsonText.of(members);
    }
}
