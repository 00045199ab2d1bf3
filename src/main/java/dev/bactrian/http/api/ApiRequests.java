package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.support.Uuids;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Reads and checks requests. Whatever isn't as openapi.yaml says is refused, and changes nothing. */
public final class ApiRequests {

    private static final Map<String, Pattern> FIELDS = Map.of(
            "dispatch_id", ListQuery.DISPATCH_ID,
            "source_repo", Pattern.compile("[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100})?"),
            "event", Pattern.compile("[a-z_]{1,50}"),
            "ref", Pattern.compile("[^\\x00-\\x1f\\x7f-\\x9f]{1,255}"),
            "sha", Pattern.compile("[0-9a-f]{7,64}"),
            "workflow_run_id", Pattern.compile("[A-Za-z0-9._:-]{1,100}"));

    private final Databases databases;

    public ApiRequests(Databases databases) {
        this.databases = databases;
    }

    /** The body of {@code POST /api/backups}; nothing at all means a backup of the database {@code default}. */
    public BackupRequest backup(Exchange exchange) {
        return backup(JsonBody.of(exchange.getMessage()), "api");
    }

    /** The same for whatever comes by other ways in the form of that body. */
    public BackupRequest backup(JsonNode body, String trigger) {
        Fields.requireKnown(body, FIELDS.keySet(), SelectionFields.NAMES, WantedDatabases.NAMES);
        return new BackupRequest(
                new WantedDatabases(databases).of(body),
                trigger,
                text(body, "dispatch_id"),
                text(body, "source_repo"),
                text(body, "event"),
                text(body, "ref"),
                text(body, "sha"),
                text(body, "workflow_run_id"),
                SelectionFields.of(body));
    }

    /** The query of {@code GET /api/backups}. */
    public ListQuery list(
            @Header("status") @Nullable String status,
            @Header("database") @Nullable String database,
            @Header("dispatch_id") @Nullable String dispatchId,
            @Header("trigger") @Nullable String trigger,
            @Header("limit") @Nullable String limit,
            @Header("cursor") @Nullable String cursor) {
        return ListQuery.parse(status, database, dispatchId, trigger, limit, cursor);
    }

    /** The id in a path. */
    public UUID id(@Header("id") String id) {
        if (!Uuids.isUuid(id)) {
            throw ApiException.badRequest("The id in the path must be a UUID.");
        }
        return UUID.fromString(id);
    }

    private static @Nullable String text(JsonNode body, String field) {
        return new Fields(body).text(field, Objects.requireNonNull(FIELDS.get(field)));
    }
}
