-- Restores in progress that have given no sign of life for a while; whether their node is dead is decided next.
SELECT id, node, phase, target, heartbeat_at, now() - heartbeat_at > interval '45 seconds' AS long_silent
  FROM restore_history
 WHERE status = 'in_progress' AND heartbeat_at < now() - interval '10 seconds'
 ORDER BY heartbeat_at
