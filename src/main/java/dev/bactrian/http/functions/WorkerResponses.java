package dev.bactrian.http.functions;

import dev.bactrian.http.api.FunctionError;
import dev.bactrian.http.api.RowView;
import dev.bactrian.http.functions.WorkerReport.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a worker elsewhere what became of its report. */
public final class WorkerResponses {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerResponses.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final FunctionResponses responses;

    WorkerResponses(FunctionResponses responses) {
        this.responses = responses;
    }

    /**
     * Writes the answer.
     *
     * @param row the backup as it is now; null when there is none
     * @param changed how many rows the report has changed
     */
    public void answer(
            Exchange exchange,
            @Body @Nullable Map<String, Object> row,
            @ExchangeProperty("report") WorkerReport report,
            @ExchangeProperty("changed") int changed) {
        if (row == null) {
            refuse(
                    exchange,
                    NOT_FOUND,
                    new FunctionError(
                            "Backup entry not found",
                            "not-found",
                            "No backup found with the provided backup_id or dispatch_id",
                            "Cannot update backup - entry does not exist in backup_history table"));
        } else if (report.outcome() == Outcome.INVALID) {
            refuse(
                    exchange,
                    BAD_REQUEST,
                    new FunctionError(
                            "Invalid report",
                            "bad-request",
                            report.errorText(),
                            changed > 0
                                    ? "The backup was marked as failed."
                                    : "Nothing was changed: the backup's status is " + row.get("status") + "."));
        } else if (changed > 0) {
            accept(exchange, report, row, false);
        } else if ((report.outcome() == Outcome.SUCCESS ? "success" : "failed").equals(row.get("status"))) {
            accept(exchange, report, row, true);
        } else {
            refuse(exchange, CONFLICT, conflict(row));
        }
    }

    private void accept(Exchange exchange, WorkerReport report, Map<String, Object> row, boolean again) {
        boolean success = report.outcome() == Outcome.SUCCESS;
        Map<String, Object> answer = new LinkedHashMap<>();
        if (again) {
            answer.put("message", "Backup already " + (success ? "completed" : "failed") + " (idempotent call)");
            answer.put("idempotent", true);
            if (success && !Objects.equals(report.key(), row.get("s3_key"))) {
                LOG.warn(
                        "Backup {} was reported again with another s3_key, {}; the first one is kept: {}",
                        row.get("id"),
                        report.key(),
                        row.get("s3_key"));
            }
        } else {
            answer.put("message", success ? "Backup updated successfully" : "Backup marked as failed");
        }
        answer.put("backup", RowView.of(row));
        responses.answer(exchange, answer);
    }

    private static FunctionError conflict(Map<String, Object> row) {
        boolean runs = "in_progress".equals(row.get("status"));
        return new FunctionError(
                "Invalid backup status",
                runs ? "backup-runs-here" : "backup-ended",
                "Status is " + row.get("status") + (runs ? ", phase " + row.get("phase") : "") + ".",
                runs
                        ? "A Bactrian node is running this backup and will record how it ends. Nothing was changed."
                        : "Only a backup in progress can be updated. Nothing was changed. Report each backup under "
                                + "its own dispatch_id.");
    }

    private static void refuse(Exchange exchange, int status, FunctionError error) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, FunctionError.CONTENT_TYPE);
        message.setBody(error.json());
    }
}
