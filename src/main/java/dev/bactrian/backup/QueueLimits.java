package dev.bactrian.backup;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** What the queue doesn't take. */
public final class QueueLimits {

    private final int limit;

    /**
     * Prepares the gate.
     *
     * @param limit how many requests may wait
     */
    public QueueLimits(int limit) {
        this.limit = limit;
    }

    /**
     * Refuses a dispatch id that meant something else before.
     *
     * @param same whether what is kept under it is the request
     */
    public void refuseOtherRequest(@Body Boolean same, @ExchangeProperty("request") BackupRequest request) {
        if (!same) {
            throw new OtherRequestException("The dispatch id " + request.dispatchId()
                    + " was used before, for a different request. Nothing was queued. Use a new id for each new "
                    + "request; repeat a request only unchanged.");
        }
    }

    /**
     * Refuses what found no room.
     *
     * @param rows the request's rows; fewer than its databases when they weren't put into the queue
     */
    public void refuseWhenFull(
            @Body List<Map<String, Object>> rows, @ExchangeProperty("request") BackupRequest request) {
        if (rows.size() < request.databases().size()) {
            throw new QueueFullException("There are " + limit + " requests in the queue already, which is the limit. "
                    + "Nothing was queued. Try again later, or raise BACKUP_QUEUE_LIMIT.");
        }
    }

    /** The ids of new rows, separated by commas. */
    public String ids(@Body List<Map<String, Object>> rows) {
        return rows.stream().map(row -> String.valueOf(row.get("id"))).collect(Collectors.joining(","));
    }
}
