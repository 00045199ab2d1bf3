package dev.bactrian.http.api;

import dev.bactrian.support.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error in the form that callers of {@code /functions/v1} know.
 *
 * @param error what is wrong, in words that never change
 * @param code the same, as the last part of a problem's type
 * @param details null when the message says all
 * @param message what it means and what to do next
 */
public record FunctionError(String error, String code, @Nullable String details, String message) {

    public static final String CONTENT_TYPE = "application/json";

    public static FunctionError of(ApiProblem problem) {
        return new FunctionError(problem.title(), problem.code(), null, problem.detail());
    }

    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("success", false);
        members.put("error", error);
        members.put("code", code);
        if (details != null) {
            members.put("details", details);
        }
        members.put("message", message);
        return JsonText.of(members);
    }
}
