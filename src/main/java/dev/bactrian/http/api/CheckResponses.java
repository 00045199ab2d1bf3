package dev.bactrian.http.api;

import dev.bactrian.problem.CheckResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Writes what was found of the preconditions of a backup. */
public final class CheckResponses {

    /** Answers with a member per line of the command {@code check}. */
    public void checks(Exchange exchange, @Body List<CheckResult> results) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("checks", results.stream().map(CheckResponses::view).toList());
        answer.put("failed", results.stream().filter(result -> !result.good()).count());
        JsonResponse.of(exchange, answer);
    }

    private static Map<String, @Nullable Object> view(CheckResult result) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("subject", result.subject());
        view.put("name", result.name());
        view.put("status", result.good() ? "ok" : "failed");
        view.put("text", result.text());
        view.put("remedy", result.remedy());
        return view;
    }
}
