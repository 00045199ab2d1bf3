-- Running backups; which of them are silent is seen by watching them (HeartbeatWatch.java), since clocks may be set.
SELECT id, dispatch_id, database, selection, node, phase, s3_key, heartbeat_at, ending_node, manifest_sha256
  FROM backup_history
 WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external')
 ORDER BY heartbeat_at
