-- Running backups whose heartbeat goes on, but that have got no further for too long. Heartbeat and movement are written together,
-- so that a clock that is set makes no backup look still.
SELECT id, phase, (extract(epoch FROM least(now(), heartbeat_at) - moved_at) / 60)::int AS still_minutes
  FROM backup_history
 WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external')
   AND least(now(), heartbeat_at) - moved_at > make_interval(secs => :#stallSeconds::int)
 ORDER BY moved_at
