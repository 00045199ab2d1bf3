-- Running backups whose heartbeat goes on, but that have got no further for too long.
SELECT id, phase, (extract(epoch FROM now() - moved_at) / 60)::int AS still_minutes
  FROM backup_history
 WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external') AND moved_at < now() - make_interval(secs => :#stallSeconds::int)
 ORDER BY moved_at
