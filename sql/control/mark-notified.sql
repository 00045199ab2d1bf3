-- Done, when the backup has ended and everybody has been told who shall be. Who couldn't be told is tried again: the older the
-- news, the later. What has ended while its start was told is news at once.
WITH told AS (
    SELECT id, status = :#status AND string_to_array(notified_to, ' ') @> string_to_array(:#wanted, ' ') AS everybody
      FROM backup_history WHERE id = :#${exchangeProperty.backupId}::uuid
)
UPDATE backup_history b
   SET notified_at = CASE WHEN told.everybody AND status <> 'in_progress' THEN now() END,
       notify_after = CASE WHEN told.everybody OR status <> :#status THEN now()
                           ELSE now() + least(interval '5 minutes', interval '10 seconds' + (now() - coalesce(finished_at, started_at))) END
  FROM told
 WHERE b.id = told.id
