package dev.bactrian.http.api;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which page of the history is wanted.
 *
 * @param cursorTime created_at of the last row of the page before, ISO 8601; null for the first page
 * @param cursorId its id
 */
public record ListQuery(
        @Nullable String status,
        @Nullable String database,
        @Nullable String dispatchId,
        @Nullable String trigger,
        int limit,
        @Nullable String cursorTime,
        @Nullable String cursorId) {

    public static final Pattern DISPATCH_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    private static final Set<String> STATUSES = Set.of("in_progress", "success", "failed", "cancelled");
    private static final List<String> TRIGGERS = List.of("api", "manual", "push", "schedule");
    static final String DATABASE = "[a-z0-9_]{1,40}";
    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST_LIMIT = 100;
    /** PostgreSQL doesn't read every time that Java writes. */
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    public static ListQuery parse(
            @Nullable String status,
            @Nullable String database,
            @Nullable String dispatchId,
            @Nullable String trigger,
            @Nullable String limit,
            @Nullable String cursor) {
        if (database != null && !database.matches(DATABASE)) {
            throw ApiException.badRequest("database must be a name of the form " + DATABASE + ".");
        }
        if (dispatchId != null && !DISPATCH_ID.matcher(dispatchId).matches()) {
            throw ApiException.badRequest("dispatch_id must be of the form " + DISPATCH_ID + ".");
        }
        if (trigger != null && !TRIGGERS.contains(trigger)) {
            throw ApiException.badRequest("trigger must be one of " + String.join(", ", TRIGGERS) + ".");
        }
        int number = limit(limit);
        String asked = knownStatus(status);
        if (cursor == null) {
            return new ListQuery(asked, database, dispatchId, trigger, number, null, null);
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\\|", 2);
            Instant time = Instant.parse(parts[0]);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
                throw new IllegalArgumentException("not a time of a backup");
            }
            return new ListQuery(
                    asked,
                    database,
                    dispatchId,
                    trigger,
                    number,
                    time.toString(),
                    UUID.fromString(parts[1]).toString());
        } catch (IllegalArgumentException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
            throw ApiException.badRequest("cursor must be the next_cursor of an earlier response.");
        }
    }

    /** A status as rows have it: older systems say {@code completed} for {@code success}. */
    public static @Nullable String knownStatus(@Nullable String status) {
        if (status != null && !STATUSES.contains(status) && !"completed".equals(status)) {
            throw ApiException.badRequest("status must be one of "
                    + String.join(", ", STATUSES.stream().sorted().toList()) + ".");
        }
        return "completed".equals(status) ? "success" : status;
    }

    static int limit(@Nullable String limit) {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > LARGEST_LIMIT) {
            throw ApiException.badRequest("limit must be a whole number from 1 to " + LARGEST_LIMIT + ".");
        }
        return Integer.parseInt(limit);
    }

    /** One more than asked for tells whether there is another page. */
    public int limitPlusOne() {
        return limit + 1;
    }

    /** Where the page after this row goes on. */
    static String cursorAfter(Map<String, Object> row) {
        Timestamp createdAt = (Timestamp) Objects.requireNonNull(row.get("created_at"));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((createdAt.toInstant() + "|" + row.get("id")).getBytes(StandardCharsets.UTF_8));
    }
}
