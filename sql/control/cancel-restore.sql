-- Whoever runs it finds out by its next heartbeat at the latest, stops it, and says then what it left (mark-restore-ended.sql).
UPDATE restore_history
   SET status = 'cancelled', phase = NULL, finished_at = now(),
       error_text = 'Cancelled by a caller of the API. If the restore had begun to write, the target is incomplete, and its schema bactrian_restore marks it. Run the same restore again: it starts over.'
 WHERE id = :#${exchangeProperty.restoreId}::uuid AND status = 'in_progress'
