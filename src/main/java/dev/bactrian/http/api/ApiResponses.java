package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.support.JsonText;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Writes the API's answers. */
public final class ApiResponses {

    private static final int ACCEPTED = 202;
    private static final int CONFLICT = 409;
    private static final ObjectWriter ONE_LINE =
            ManifestJson.mapper().writer().without(SerializationFeature.INDENT_OUTPUT);
    private static final Buffer OPENAPI = readOpenapi();

    private final PublicPath paths;

    public ApiResponses(PublicPath paths) {
        this.paths = paths;
    }

    /** Refuses an id that no row has. */
    public void known(@Body @Nullable Object row, @ExchangeProperty("backupId") Object id) {
        if (row == null) {
            throw ApiException.notFound("There is no backup " + id + ". GET /api/backups lists them.");
        }
    }

    /** The key of a stored archive. */
    public String storedKey(@Body Map<String, Object> row) {
        if (!"success".equals(row.get("status"))
                || row.get("s3_key") == null
                || row.get("archive_delete_reason") != null
                || row.get("archive_deleted_at") != null) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "no-archive",
                    "This backup has no archive",
                    "success".equals(row.get("status"))
                            ? (row.get("s3_key") == null
                                            ? "Its row has no key"
                                            : "It was deleted: " + row.get("archive_delete_reason"))
                                    + ". GET /api/backups lists all backups."
                            : "Its status is " + row.get("status")
                                    + ". Only a successful backup has an archive and a manifest."));
        }
        return String.valueOf(row.get("s3_key"));
    }

    /** Refuses what only a queued or running backup can be asked. */
    public void inProgress(@Body Map<String, Object> row) {
        if (!"in_progress".equals(row.get("status"))) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "backup-ended",
                    "This backup has ended",
                    "Its status is " + row.get("status") + ". Only a queued or running backup can be cancelled."));
        }
    }

    /** One backup is answered as such; those of several databases as a list. */
    public void accepted(
            Exchange exchange,
            @Body List<Map<String, Object>> rows,
            @ExchangeProperty("request") BackupRequest request) {
        List<Map<String, Object>> views = rows.stream().map(RowView::of).toList();
        boolean one = request.databases().size() == 1;
        Message message = JsonResponse.of(exchange, one ? views.get(0) : Map.of("backups", views));
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, ACCEPTED);
        String id = request.dispatchId();
        message.setHeader(
                "Location",
                paths.of(
                        "/api/backups" + (one ? "/" + rows.get(0).get("id") : id == null ? "" : "?dispatch_id=" + id)));
    }

    public void backup(Exchange exchange, @Body Map<String, Object> row) {
        JsonResponse.of(exchange, RowView.of(row));
    }

    /** One backup to whoever follows it: on one line, and no more after its end. */
    public void event(Exchange exchange, @Body Map<String, Object> row) {
        Message message = JsonResponse.ofText(exchange, JsonText.of(RowView.of(row), ONE_LINE));
        message.setHeader("event", "backup");
        message.setHeader("lastEvent", !"in_progress".equals(row.get("status")));
    }

    public void page(
            Exchange exchange, @Body List<Map<String, Object>> rows, @ExchangeProperty("list") ListQuery query) {
        JsonResponse.of(exchange, members(rows, query));
    }

    /** A page of the history, of rows of which there is one more when there is another page. */
    public static Map<String, Object> members(List<Map<String, Object>> rows, ListQuery query) {
        boolean more = rows.size() > query.limit();
        List<Map<String, Object>> page = more ? rows.subList(0, query.limit()) : rows;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("backups", page.stream().map(RowView::of).toList());
        answer.put("next_cursor", more ? ListQuery.cursorAfter(page.get(page.size() - 1)) : null);
        return answer;
    }

    public void manifest(Exchange exchange, @Body @Nullable String manifest) {
        if (manifest == null) {
            throw ApiException.notFound(
                    "There is no manifest next to this archive: another system stored it, or the manifest was "
                            + "deleted. Check the store.");
        }
        JsonResponse.ofText(exchange, manifest);
    }

    public void link(Exchange exchange, @Body String url) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", url);
        answer.put("expires_at", Instant.now().plusSeconds(900).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        JsonResponse.of(exchange, answer);
    }

    /** All answers share one buffer: this is what callers without a key can ask for, and the largest of it. */
    public void openapi(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/yaml");
        message.setBody(OPENAPI);
    }

    private static Buffer readOpenapi() {
        try (InputStream in =
                Objects.requireNonNull(ApiResponses.class.getResourceAsStream("/openapi.yaml"), "openapi.yaml")) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
