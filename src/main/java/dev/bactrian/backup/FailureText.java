package dev.bactrian.backup;

import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.support.Printable;
import java.sql.Timestamp;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the failure route needs: the reason in words. */
public final class FailureText {

    /** Nothing of a backup that fails is kept. */
    public static final String NOTHING_STORED = "The backup was stopped and nothing was stored.";

    private static final Logger LOG = LoggerFactory.getLogger(FailureText.class);

    private final ErrorTranslators translators;
    private final FailureTrail trail;
    /** Failures whose row may not say them yet: the control database can be away when a backup fails. */
    private final Map<String, Failure> unwritten = new ConcurrentHashMap<>();

    public FailureText(ErrorTranslators translators, FailureTrail trail) {
        this.translators = translators;
        this.trail = trail;
    }

    /**
     * What {@code error_text} says.
     *
     * @param where in the backup, up to the cause
     * @param seen whether it failed in this process, which then knows best
     */
    private record Failure(String where, Problem problem, boolean seen) {
        String text() {
            return where + problem.text();
        }
    }

    /** The text for {@code error_text}: phase, cause, consequence, remedy. */
    public String reason(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure,
            @ExchangeProperty("run") @Nullable BackupRun run,
            @ExchangeProperty("phase") @Nullable String phase) {
        LOG.debug("A backup failed", failure);
        Throwable first = run == null || run.getStoppedBy() == null ? failure : run.getStoppedBy();
        Problem problem = translators.explain(first, trail.of(first)).meaning(NOTHING_STORED);
        Failure failed = new Failure(phase == null ? "" : "While " + phase + ": ", problem, true);
        if (run != null) {
            unwritten.put(run.getId().toString(), failed);
        }
        return failed.text();
    }

    /** Why something failed that costs no backup: cause and remedy, or what the innermost exception says. */
    public String why(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure) {
        return translators.why(failure);
    }

    /**
     * The reason of a backup of which something couldn't be removed from the store; null where its row says the reason already.
     *
     * @param because why it couldn't
     */
    public @Nullable String withLeftovers(
            @ExchangeProperty("reason") @Nullable String reason,
            @ExchangeProperty("backupId") String id,
            @ExchangeProperty("key") String key,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable because) {
        if (reason == null) {
            return null;
        }
        String kept = "The backup was stopped and nothing was stored that counts as a backup. What it left "
                + "under " + key
                + " couldn't be removed yet. The removal is retried every minute, until the row's s3_key is empty ("
                + Printable.line(why(because)) + ").";
        Failure failed = unwritten.get(id);
        return failed == null
                ? reason + " " + kept
                : new Failure(failed.where(), failed.problem().meaning(kept), failed.seen()).text();
    }

    /** The row says it now. */
    public void written(@ExchangeProperty("backupId") String id) {
        unwritten.remove(id);
    }

    /** The text for a backup whose process lives, but gets no further. */
    public String stalled(@Body Map<String, Object> row) {
        return text(
                row,
                "While " + row.get("phase") + ": ",
                new Problem(
                        "the backup made no progress for " + row.get("still_minutes")
                                + " min, longer than BACKUP_STALL_TIMEOUT.",
                        NOTHING_STORED,
                        "Check whether the database or the store hangs, for example on a lock, then start the backup "
                                + "again; or raise BACKUP_STALL_TIMEOUT."));
    }

    /** The text for a backup that no process runs any more: because it failed here, its process died, or its node is silent. */
    public String abandoned(@Body Map<String, Object> row) {
        Failure known = unwritten.get(String.valueOf(row.get("id")));
        if (known != null && known.seen()) {
            return known.text();
        }
        return Boolean.TRUE.equals(row.get("known_gone"))
                ? text(
                        row,
                        "The service stopped while " + row.get("phase") + ": ",
                        new Problem(
                                "the process that ran this backup (" + row.get("node") + ") is gone.",
                                NOTHING_STORED,
                                "Start the backup again."))
                : text(
                        row,
                        "While " + row.get("phase") + ": ",
                        new Problem(
                                silence("backup", row),
                                "The backup was abandoned, and nothing was stored that counts as a backup.",
                                "Check that node, then start the backup again."));
    }

    private String text(Map<String, Object> row, String where, Problem problem) {
        Failure failed = new Failure(where, problem, false);
        unwritten.compute(
                String.valueOf(row.get("id")), (id, before) -> before != null && before.seen() ? before : failed);
        return failed.text();
    }

    /** What is known of a node that is silent: neither that its process is gone, nor that it lives. */
    public static String silence(String what, Map<String, Object> row) {
        return "the node that ran this " + what + " (" + row.get("node") + ") "
                + (row.get("heartbeat_at") instanceof Timestamp last
                        ? "hasn't reported since " + last.toInstant().truncatedTo(ChronoUnit.SECONDS)
                                + " (the control database's clock)"
                        : "has never reported")
                + ": it was stopped, is frozen, or can't reach the control database.";
    }
}
