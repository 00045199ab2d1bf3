package dev.bactrian.backup;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the failure route needs: the reason in words. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final FailureReason reasons;

    public Failures(FailureReason reasons) {
        this.reasons = reasons;
    }

    /** The text for {@code error_text}: phase, cause, consequence, remedy. */
    public String reason(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure,
            @ExchangeProperty("run") @Nullable BackupRun run,
            @ExchangeProperty(FailedStep.PROPERTY) @Nullable String step,
            @ExchangeProperty("phase") @Nullable String phase) {
        LOG.debug("A backup failed", failure);
        Throwable first = run == null || run.getStoppedBy() == null ? failure : run.getStoppedBy();
        return (phase == null ? "" : "While " + phase + ": ")
                + reasons.explain(first, step).text();
    }

    /** The text for a backup whose process died. */
    public String abandoned(Map<String, Object> row) {
        return "The service stopped while " + row.get("phase") + ": the process that ran this backup ("
                + row.get("node") + ") is gone. " + Problem.NOTHING_STORED + " Start the backup again.";
    }
}
