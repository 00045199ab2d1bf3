-- Puts a request into the queue. A dispatch id that is there already inserts nothing: its backup is found instead.
INSERT INTO backup_history (database, target, dispatch_id, trigger, source_repo, source_event, source_ref, source_sha,
                            workflow_run_id, selection, status, phase)
VALUES (:#${body.database}, :#${exchangeProperty.target}, :#${body.dispatchId}, :#${body.trigger}, :#${body.sourceRepo}, :#${body.event},
        :#${body.ref}, :#${body.sha}, :#${body.workflowRunId}, :#${body.selection}::jsonb, 'in_progress', 'queued')
ON CONFLICT (dispatch_id) DO NOTHING
RETURNING id
