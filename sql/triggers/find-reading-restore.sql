-- A restore in progress that reads this archive.
SELECT id FROM restore_history
 WHERE status = 'in_progress'
   AND (backup_id = :#${exchangeProperty.backupId}::uuid OR backup = :#${exchangeProperty.key})
 LIMIT 1
