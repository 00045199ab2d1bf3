-- Done, when the backup has ended and everybody has been told who shall be.
UPDATE backup_history
   SET notified_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status <> 'in_progress' AND status = :#status
   AND string_to_array(notified_to, ' ') @> string_to_array(:#wanted, ' ')
