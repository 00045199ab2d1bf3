-- A worker elsewhere failed before anybody had inserted a row; one that is there already stays as it is.
INSERT INTO backup_history (id, dispatch_id, status, finished_at, error_text, workflow_run_id)
SELECT coalesce(:#${exchangeProperty.report.backupId}::uuid, gen_random_uuid()),
       :#${exchangeProperty.report.dispatchId}::text, 'failed', now(), :#${exchangeProperty.report.errorText}::text,
       :#${exchangeProperty.report.workflowRunId}::text
 WHERE (:#${exchangeProperty.report.backupId}::uuid IS NOT NULL OR :#${exchangeProperty.report.dispatchId}::text IS NOT NULL)
   AND NOT EXISTS (SELECT FROM backup_history WHERE dispatch_id = :#${exchangeProperty.report.dispatchId}::text)
ON CONFLICT DO NOTHING
