-- The key stays until what may lie under it is gone (forget-key.sql).
UPDATE backup_history
   SET status = 'failed', phase = NULL, progress = NULL, finished_at = now(), error_text = :#${exchangeProperty.reason}
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress'
