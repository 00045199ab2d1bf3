package dev.bactrian.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.restore.source.BackupFinder.Kind;
import dev.bactrian.restore.source.Provenance;
import dev.bactrian.restore.steps.ActiveRestores;
import dev.bactrian.restore.steps.RestoreView;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Writes the API's answers about restores. */
public final class RestoreResponses {

    private static final int ACCEPTED = 202;
    private static final int CONFLICT = 409;

    private final ObjectMapper json = ManifestJson.mapper();
    private final ActiveRestores jobs;
    private final PublicPath paths;

    public RestoreResponses(ActiveRestores jobs, PublicPath paths) {
        this.jobs = jobs;
        this.paths = paths;
    }

    /** Refuses an id that no row has. */
    public void known(@Body @Nullable Object row, @ExchangeProperty("restoreId") Object id) {
        if (row == null) {
            throw ApiException.notFound("There is no restore " + id + ". GET /api/restores lists them.");
        }
    }

    /** Refuses a database that has no latest backup in the store. */
    public void requireLatest(@ExchangeProperty("key") String key, @ExchangeProperty("database") String database) {
        if (key.isEmpty()) {
            throw ApiException.notFound("The store has no latest backup of " + database
                    + ". GET /api/backups lists all backups; name one by its id.");
        }
    }

    /**
     * The order with the archive that it means, which is there when its manifest is.
     *
     * @param newest the database's newest good backup in the history, where its latest one is asked for
     */
    public RequestedRestore found(
            @Body @Nullable String manifest,
            @ExchangeProperty("requested") RequestedRestore order,
            @ExchangeProperty("newest") @Nullable Map<String, Object> newest,
            @ExchangeProperty("key") String key) {
        String id = text(manifest, "/backup_id");
        if (id.isEmpty()) {
            throw ApiException.notFound("There is no backup " + key
                    + " in the store, because no manifest is next to the archive. GET /api/backups lists all backups. "
                    + "Restore an archive of another system with that system's tools.");
        }
        if (order.kind() == Kind.ID && !id.equalsIgnoreCase(order.backup())) {
            throw RecordedArchives.changed(
                    "The manifest next to the archive of the backup " + order.backup() + " belongs to another backup.");
        }
        if (order.kind() == Kind.LATEST
                && !(newest != null && manifest != null && Provenance.isOf(order.latestOf(), manifest, newest))
                && !text(manifest, "/source/name").equals(order.latestOf())) {
            throw RecordedArchives.changed(
                    "The archive that latest/ in the store names isn't a backup of " + order.latestOf() + ".");
        }
        return order.of(key, id);
    }

    private static String text(@Nullable String manifest, String pointer) {
        return manifest == null ? "" : ManifestJson.text(manifest, pointer);
    }

    /** Refuses to read an archive that is being deleted. */
    public void refuseBeingDeleted(@Body @Nullable Map<String, Object> row) {
        if (row != null) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "no-archive",
                    "This backup has no archive",
                    "Backup " + row.get("id")
                            + (row.get("archive_deleted_at") == null ? " is being deleted: " : " was deleted: ")
                            + row.get("archive_delete_reason")
                            + ". Nothing was changed in any database. GET /api/backups lists all backups."));
        }
    }

    /** Says what goes on in the target already. */
    public void refuseSecond(
            @Body @Nullable Map<String, Object> running, @ExchangeProperty("requested") RequestedRestore order) {
        throw new ApiException(new ApiProblem(
                CONFLICT,
                "restore-running",
                "Another restore into this database is running",
                (running == null
                                ? "One has just ended. Try again."
                                : "Restore " + running.get("id")
                                        + " is running. Wait until it has ended, or cancel it.")
                        + " Nothing was changed in the database of " + order.database() + "."));
    }

    /** Refuses what only a restore in progress can be asked. */
    public void inProgress(@Body Map<String, Object> row) {
        if (!"in_progress".equals(row.get("status"))) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "restore-ended",
                    "This restore has ended",
                    "Its status is " + row.get("status") + ". Only a restore in progress can be cancelled."));
        }
    }

    public void accepted(Exchange exchange, @Body Map<String, Object> row) throws JsonProcessingException {
        Message message = JsonResponse.of(exchange, view(row));
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, ACCEPTED);
        message.setHeader("Location", paths.of("/api/restores/" + row.get("id")));
    }

    public void restore(Exchange exchange, @Body Map<String, Object> row) throws JsonProcessingException {
        JsonResponse.of(exchange, view(row));
    }

    public void list(Exchange exchange, @Body List<Map<String, Object>> rows) throws JsonProcessingException {
        List<Object> views = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            views.add(view(row));
        }
        JsonResponse.of(exchange, Map.of("restores", views));
    }

    /** A row as it is shown; while the restore runs here, with what it is doing at this moment. */
    private Map<String, Object> view(Map<String, Object> row) throws JsonProcessingException {
        Map<String, Object> view = new LinkedHashMap<>();
        row.forEach((column, value) -> view.put(column, value instanceof Timestamp time ? time.toInstant() : value));
        for (String column : List.of("request", "report")) {
            view.put(column, tree(row.get(column)));
        }
        view.put("bytes_per_second", null);
        view.put("seconds_left", null);
        // Hosts and processes are nobody's business outside.
        view.remove("node");
        view.remove("target");
        if ("in_progress".equals(row.get("status"))) {
            jobs.run((UUID) Objects.requireNonNull(row.get("id")))
                    .ifPresent(run -> view.putAll(RestoreView.progress(run)));
        }
        return view;
    }

    /** Of jsonb, which the driver hands over as text of a type of its own. */
    private @Nullable JsonNode tree(@Nullable Object value) throws JsonProcessingException {
        return value == null ? null : json.readTree(value.toString());
    }
}
