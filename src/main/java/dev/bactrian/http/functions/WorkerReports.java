package dev.bactrian.http.functions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.api.JsonBody;
import dev.bactrian.http.api.ListQuery;
import dev.bactrian.http.functions.WorkerReport.Outcome;
import dev.bactrian.support.Printable;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Reads what workers elsewhere send to {@code update-backup}. Fields that aren't known are left alone. */
public final class WorkerReports {

    private static final int LONGEST_REASON = 4_000;

    /** A report; one that says nothing usable of a backup it names is {@link Outcome#INVALID}. */
    public WorkerReport read(Exchange exchange) {
        JsonNode body = JsonBody.ofText(exchange.getMessage());
        String id = FunctionFields.text(body, "backup_id");
        String dispatchId = FunctionFields.text(body, "dispatch_id");
        if (id == null && dispatchId == null) {
            throw ApiException.badRequest("Name the backup: send its backup_id or dispatch_id.");
        }
        WorkerReport named =
                new WorkerReport(FunctionFields.uuid(id), dispatchId, Outcome.SUCCESS, null, null, null, null, null);
        try {
            return content(body, named);
        } catch (ApiException e) {
            return named.invalid(e.problem().detail());
        }
    }

    /** The report, unless it names an archive that belongs to another backup. */
    public WorkerReport unlessTaken(@ExchangeProperty("report") WorkerReport report, @Body @Nullable UUID owner) {
        return owner == null || report.outcome() != Outcome.SUCCESS
                ? report
                : report.invalid("s3_key is that of the backup " + owner + ".");
    }

    private static WorkerReport content(JsonNode body, WorkerReport named) {
        String run = FunctionFields.text(body, "workflow_run_id");
        String status = FunctionFields.text(body, "status");
        if ("failed".equals(status)) {
            return new WorkerReport(
                    named.backupId(), named.dispatchId(), Outcome.FAILED, null, null, run, reason(body, run), null);
        }
        if (status != null && !"success".equals(ListQuery.knownStatus(status))) {
            throw ApiException.badRequest("status must be success, completed or failed.");
        }
        String key = FunctionFields.text(body, "s3_key");
        if (key == null) {
            throw ApiException.badRequest(
                    "s3_key is empty, so it is unknown where the archive is, or whether there is one.");
        }
        return new WorkerReport(
                named.backupId(), named.dispatchId(), Outcome.SUCCESS, key, size(body), run, null, manifestHash(body));
    }

    private static @Nullable String manifestHash(JsonNode body) {
        String hash = FunctionFields.text(body, "manifest_sha256");
        if (hash != null && !hash.matches("[0-9a-f]{64}")) {
            throw ApiException.badRequest(
                    "manifest_sha256 must be the SHA-256 of the manifest next to the archive: 64 lower-case hex "
                            + "digits.");
        }
        return hash;
    }

    private static @Nullable Long size(JsonNode body) {
        String size = FunctionFields.text(body, "size_bytes");
        if (size != null && (!size.matches("[0-9]{1,18}") || Long.parseLong(size) == 0)) {
            throw ApiException.badRequest("size_bytes must be a whole number of at least 1.");
        }
        return size == null ? null : Long.valueOf(size);
    }

    /** In the worker's own words, which may have line breaks. */
    private static String reason(JsonNode body, @Nullable String run) {
        String text = Printable.lines(
                        body.path("error_text").asText("").replace("\0", "").replace("\r\n", "\n"))
                .strip();
        if (text.isEmpty()) {
            return "The external worker reported a failure without a reason. It is unknown whether it stored an "
                    + "archive. See the log of "
                    + (run == null ? "the worker." : "its run " + run + ".");
        }
        return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text;
    }
}
