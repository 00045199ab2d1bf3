-- Running backups that have given no sign of life for a while; whether their node is dead is decided next.
SELECT id, dispatch_id, database, selection, node, phase, s3_key, heartbeat_at, now() - heartbeat_at > interval '45 seconds' AS long_silent,
       ending_node, now() - heartbeat_at > interval '1 hour' AS hour_silent
  FROM backup_history
 WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external') AND heartbeat_at < now() - interval '10 seconds'
 ORDER BY heartbeat_at
