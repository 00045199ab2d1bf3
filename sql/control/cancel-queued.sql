UPDATE backup_history
   SET status = 'cancelled', phase = NULL, finished_at = now(),
       error_text = 'Cancelled before it began, by whoever asked for it. Nothing was stored. Ask again when you need the backup.'
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress' AND phase = 'queued'
