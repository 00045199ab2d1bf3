-- Queued or running; whoever runs it finds out by its next heartbeat at the latest, and removes what it has stored.
UPDATE backup_history
   SET status = 'cancelled', phase = NULL, progress = NULL, finished_at = now(),
       error_text = 'Cancelled by a caller of the API. The backup was stopped and nothing is kept of it. Request a new backup when you need one.'
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress'
