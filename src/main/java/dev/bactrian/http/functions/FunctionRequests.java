package dev.bactrian.http.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.api.ApiRequests;
import dev.bactrian.http.api.Fields;
import dev.bactrian.http.api.JsonBody;
import dev.bactrian.http.api.ListQuery;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Reads requests to {@code /functions/v1}: fields of a JSON body, or where that has none of the query. */
public final class FunctionRequests {

    private final ApiRequests requests;

    /**
     * Prepares the reader.
     *
     * @param requests checks what becomes a backup
     */
    FunctionRequests(ApiRequests requests) {
        this.requests = requests;
    }

    /**
     * Which backup is meant.
     *
     * @param backupId null when it is named otherwise
     */
    public record Named(@Nullable UUID backupId, @Nullable String dispatchId, @Nullable String key) {}

    /** The backup that {@code trigger-backup} asks for; one without a dispatch id gets one, as callers expect it back. */
    public BackupRequest backup(Exchange exchange) {
        ObjectNode body = (ObjectNode) JsonBody.ofText(exchange.getMessage());
        if (body.path("dispatch_id").isMissingNode() || body.path("dispatch_id").isNull()) {
            body.put("dispatch_id", UUID.randomUUID().toString());
        }
        return requests.backup(body, "api");
    }

    /** The backup that a function is about. */
    public Named named(Exchange exchange) {
        JsonNode body = JsonBody.ofText(exchange.getMessage());
        String id = text(exchange.getMessage(), body, "backup_id");
        String dispatchId = text(exchange.getMessage(), body, "dispatch_id");
        String key = text(exchange.getMessage(), body, "s3_key");
        if (id == null && dispatchId == null && key == null) {
            throw ApiException.badRequest("Name the backup: send its backup_id, dispatch_id or s3_key.");
        }
        return new Named(FunctionFields.uuid(id), dispatchId, key);
    }

    /** The page of the history that {@code backup-history} shows. */
    public ListQuery list(Exchange exchange) {
        JsonNode body = JsonBody.ofText(exchange.getMessage());
        Message message = exchange.getMessage();
        return ListQuery.parse(
                text(message, body, "status"),
                text(message, body, "database"),
                text(message, body, "dispatch_id"),
                null,
                text(message, body, "limit"),
                text(message, body, "cursor"));
    }

    /** How {@code settings-toggle} shall stand, as the settings to keep, in JSON. */
    public String enabled(Exchange exchange) {
        JsonNode body = JsonBody.ofText(exchange.getMessage());
        return "{\"backup_enabled\":" + Fields.requireFlag("enabled", body.path("enabled")) + "}";
    }

    private static @Nullable String text(Message message, JsonNode body, String field) {
        return body.has(field) ? FunctionFields.text(body, field) : FunctionFields.text(message, field);
    }
}
