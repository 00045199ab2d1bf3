-- Restores in progress; which of them are silent is seen by watching them (HeartbeatWatch.java), since clocks may be set.
SELECT id, node, phase, target, heartbeat_at
  FROM restore_history
 WHERE status = 'in_progress'
 ORDER BY heartbeat_at
