-- As mark-ending.sql, for a backup that no process seems to run: unless that has shown a sign of life since it was looked at,
-- or another node has been faster.
UPDATE backup_history
   SET ending_node = :#node, heartbeat_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress'
   AND heartbeat_at IS NOT DISTINCT FROM :#${exchangeProperty.row[heartbeat_at]}
