package dev.bactrian.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.support.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a running backup is doing, as its row keeps it and the API shows it.
 *
 * @param bytesTotal what {@code bytes_done} will be when all rows are dumped: what is done, and what is left by its size on the
 *     server's disk; null when that isn't known, or used up
 * @param bytesPerSecond over the last 20 seconds; null in the first one
 * @param secondsLeft until all rows are dumped, at that rate; null while either isn't known
 * @param runningTables longest first
 */
public record LiveProgress(
        @Nullable Long bytesTotal,
        @Nullable Long bytesPerSecond,
        @Nullable Long secondsLeft,
        List<TableProgress> runningTables) {

    /** The names of what {@link #json} holds. */
    public static final List<String> MEMBERS =
            List.of("bytes_total", "bytes_per_second", "seconds_left", "running_tables");

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One table of those that are being dumped.
     *
     * @param table schema and name, without quotes
     * @param bytes of its rows so far, uncompressed
     * @param seconds since its dump began
     */
    public record TableProgress(String table, long bytes, long seconds) {}

    public LiveProgress {
        runningTables = List.copyOf(runningTables);
    }

    /** What is left, at a rate. */
    static LiveProgress of(long bytesDone, long bytesLeft, @Nullable Long rate, List<TableProgress> running) {
        Long seconds = rate == null || rate <= 0 || bytesLeft <= 0 ? null : (bytesLeft + rate - 1) / rate;
        return new LiveProgress(bytesLeft <= 0 ? null : Long.valueOf(bytesDone + bytesLeft), rate, seconds, running);
    }

    /** The form in the row: an object with {@link #MEMBERS}. */
    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("bytes_total", bytesTotal);
        members.put("bytes_per_second", bytesPerSecond);
        members.put("seconds_left", secondsLeft);
        members.put("running_tables", runningTables);
        return JsonText.of(members);
    }

    /** The members of such a text; all null where there is none, or where it isn't one. */
    public static Map<String, @Nullable Object> members(@Nullable String json) {
        Map<String, @Nullable Object> read = json == null ? Map.of() : read(json);
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        MEMBERS.forEach(name -> members.put(name, read.get(name)));
        return members;
    }

    private static Map<String, @Nullable Object> read(String json) {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, @Nullable Object>>() {});
        } catch (JsonProcessingException e) {
            return Map.of();
        }
    }
}
