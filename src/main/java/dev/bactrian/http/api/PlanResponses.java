package dev.bactrian.http.api;

import dev.bactrian.config.RetentionRules;
import dev.bactrian.retention.Decision;
import dev.bactrian.retention.RetentionPlan;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Writes what retention would do. */
public final class PlanResponses {

    /** Answers with the plans of all databases that have a backup. */
    public void plan(
            Exchange exchange,
            @Body List<RetentionPlan> plans,
            @ExchangeProperty("rules") RetentionRules rules,
            @ExchangeProperty("zone") ZoneId zone) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("rules", rules.members());
        answer.put("timezone", zone.getId());
        answer.put(
                "backups",
                plans.stream()
                        .flatMap(plan -> plan.decisions().stream())
                        .map(Decision::members)
                        .toList());
        JsonResponse.of(exchange, answer);
    }
}
