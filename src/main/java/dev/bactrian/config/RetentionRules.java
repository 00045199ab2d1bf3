package dev.bactrian.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many backups of a database are kept; a backup that any rule keeps is kept. Each is 1 or more, or null when there is no
 * such rule; without any rule everything is kept.
 *
 * @param keepLast the newest ones
 * @param keepDaily the newest of each of the last days that have one
 * @param keepWeekly the same of weeks (ISO: they begin on Mondays)
 * @param keepMonthly the same of months
 * @param keepDays all that are younger than so many days, counted back from the newest
 */
public record RetentionRules(
        @Nullable Integer keepLast,
        @Nullable Integer keepDaily,
        @Nullable Integer keepWeekly,
        @Nullable Integer keepMonthly,
        @Nullable Integer keepDays) {

    public static final RetentionRules KEEP_ALL = new RetentionRules(null, null, null, null, null);

    /** Far more than anybody keeps, and a number of days that every calendar can count back. */
    public static final int MOST = 36_500;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public RetentionRules {
        check("keep_last", keepLast);
        check("keep_daily", keepDaily);
        check("keep_weekly", keepWeekly);
        check("keep_monthly", keepMonthly);
        check("keep_days", keepDays);
    }

    /** Whether nothing is ever deleted. */
    public boolean keepsAll() {
        return Stream.of(keepLast, keepDaily, keepWeekly, keepMonthly, keepDays).allMatch(Objects::isNull);
    }

    /** Whether only the newest backup of a database is ever kept. */
    public boolean keepsOne() {
        return !keepsAll()
                && keepDays == null
                && Stream.of(keepLast, keepDaily, keepWeekly, keepMonthly).allMatch(most -> most == null || most == 1);
    }

    /** As {@link #fromJson} reads it. */
    public String toJson() {
        return toTree().toString();
    }

    /** The same as a tree. */
    public JsonNode toTree() {
        return JSON.valueToTree(members());
    }

    /** By their names in JSON. */
    public Map<String, @Nullable Integer> members() {
        Map<String, @Nullable Integer> members = new LinkedHashMap<>();
        members.put("keep_last", keepLast);
        members.put("keep_daily", keepDaily);
        members.put("keep_weekly", keepWeekly);
        members.put("keep_monthly", keepMonthly);
        members.put("keep_days", keepDays);
        return members;
    }

    /**
     * Reads rules strictly: a rule that were overlooked would delete what somebody wanted to keep.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static RetentionRules fromJson(String text) {
        JsonNode rules;
        try {
            rules = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "retention isn't valid JSON. Write, for example, {\"keep_daily\": 7}.", e);
        }
        if (!rules.isObject()) {
            throw new IllegalArgumentException("retention must be an object, for example {\"keep_daily\": 7}.");
        }
        Map<String, @Nullable Integer> members = KEEP_ALL.members();
        for (Map.Entry<String, JsonNode> rule : rules.properties()) {
            if (!members.containsKey(rule.getKey())) {
                throw new IllegalArgumentException(
                        "retention has an unknown rule. Known rules: " + String.join(", ", members.keySet()) + ".");
            }
            members.put(rule.getKey(), number(rule.getKey(), rule.getValue()));
        }
        return new RetentionRules(
                members.get("keep_last"),
                members.get("keep_daily"),
                members.get("keep_weekly"),
                members.get("keep_monthly"),
                members.get("keep_days"));
    }

    private static @Nullable Integer number(String name, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isInt()) {
            throw wrong(name);
        }
        return value.intValue();
    }

    private static void check(String name, @Nullable Integer value) {
        if (value != null && (value < 1 || value > MOST)) {
            throw wrong(name);
        }
    }

    private static IllegalArgumentException wrong(String name) {
        return new IllegalArgumentException(name + " must be null or a whole number from 1 to " + MOST + ".");
    }
}
