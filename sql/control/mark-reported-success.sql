UPDATE backup_history
   SET status = 'success', phase = NULL, finished_at = now(), error_text = NULL,
       s3_key = :#${exchangeProperty.report.key}, size_bytes = :#${exchangeProperty.report.sizeBytes}::bigint,
       manifest_sha256 = :#${exchangeProperty.report.manifestSha256}::text,
       workflow_run_id = coalesce(:#${exchangeProperty.report.workflowRunId}::text, workflow_run_id)
 WHERE id = coalesce((SELECT id FROM backup_history WHERE id = :#${exchangeProperty.report.backupId}::uuid),
                     (SELECT id FROM backup_history WHERE dispatch_id = :#${exchangeProperty.report.dispatchId}::text
                       ORDER BY created_at, id LIMIT 1))
   AND status = 'in_progress'
   -- Not what a node of Bactrian's runs just now.
   AND (phase IN ('queued', 'external') OR node IS NULL OR heartbeat_at IS NULL OR heartbeat_at < now() - interval '45 seconds')
