package dev.bactrian.backup;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the failure route needs: the reason in words. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final FailureReason reasons;
    private final FailureTrail trail;
    /** Reasons whose row may not say them yet: the control database can be away when a backup fails. */
    private final Map<String, String> unwritten = new ConcurrentHashMap<>();

    public Failures(FailureReason reasons, FailureTrail trail) {
        this.reasons = reasons;
        this.trail = trail;
    }

    /** The text for {@code error_text}: phase, cause, consequence, remedy. */
    public String reason(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure,
            @ExchangeProperty("run") @Nullable BackupRun run,
            @ExchangeProperty("phase") @Nullable String phase) {
        LOG.debug("A backup failed", failure);
        Throwable first = run == null || run.getStoppedBy() == null ? failure : run.getStoppedBy();
        String text = (phase == null ? "" : "While " + phase + ": ")
                + reasons.explain(first, trail.of(first)).text();
        if (run != null) {
            unwritten.put(run.getId().toString(), text);
        }
        return text;
    }

    /** Why something failed that costs no backup: cause and remedy, or what the innermost exception says. */
    public String why(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure) {
        return reasons.known(failure)
                .map(problem -> problem.cause() + " " + problem.remedy())
                .orElseGet(() -> FailureReason.innermost(failure));
    }

    /** The row says it now. */
    public void written(@ExchangeProperty("backupId") String id) {
        unwritten.remove(id);
    }

    /** The text for a backup whose process lives, but gets no further. */
    public String stalled(@Body Map<String, Object> row) {
        return "While " + row.get("phase") + ": the backup got no further for " + row.get("still_minutes")
                + " min, longer than BACKUP_STALL_TIMEOUT. It was stopped. " + Problem.NOTHING_STORED
                + " Look whether the database or the store hangs, for example in a lock; then start the backup again, or "
                + "raise BACKUP_STALL_TIMEOUT.";
    }

    /** The text for a backup that nobody runs any more: because it failed here, or because its process died. */
    public String abandoned(@Body Map<String, Object> row) {
        String known = unwritten.get(String.valueOf(row.get("id")));
        if (known != null) {
            return known;
        }
        return "The service stopped while " + row.get("phase") + ": the process that ran this backup ("
                + row.get("node") + ") is gone. " + Problem.NOTHING_STORED + " Start the backup again.";
    }
}
