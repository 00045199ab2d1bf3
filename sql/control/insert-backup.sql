-- Puts a request into the queue, one row per database, unless that holds BACKUP_QUEUE_LIMIT already. What a dispatch id has
-- asked for before isn't put in again.
INSERT INTO backup_history (database, target, dispatch_id, trigger, source_repo, source_event, source_ref, source_sha,
                            workflow_run_id, selection, status, phase)
SELECT asked.database, asked.target, :#${body.dispatchId}, :#${body.trigger}, :#${body.sourceRepo}, :#${body.event},
       :#${body.ref}, :#${body.sha}, :#${body.workflowRunId}, :#${body.selection}::jsonb, 'in_progress', 'queued'
  FROM unnest(string_to_array(:#${body.databaseLines}, E'\n'), string_to_array(:#targetLines, E'\n')) AS asked (database, target)
 WHERE (SELECT count(*) FROM backup_history WHERE status = 'in_progress' AND phase = 'queued') < :#queueLimit::int
    ON CONFLICT (dispatch_id, database) DO NOTHING
RETURNING id
