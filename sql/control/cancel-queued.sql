UPDATE backup_history
   SET status = 'cancelled', phase = NULL, finished_at = now(),
       error_text = 'Cancelled before it began, by the caller that requested it. Nothing was stored. Request a new backup when you need one.'
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress' AND phase = 'queued'
