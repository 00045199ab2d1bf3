-- Requests that no node has taken for a day: the database they name is configured nowhere any more.
SELECT id, s3_key, 'queued' AS phase FROM backup_history
 WHERE status = 'in_progress' AND phase = 'queued'
   -- A clock that was set forward makes nothing late.
   AND created_at < now() - interval '1 day' - make_interval(secs => :#ahead::int)
   AND NOT EXISTS (SELECT FROM backup_history r
                    WHERE r.database = backup_history.database AND r.target = backup_history.target
                      AND coalesce(r.finished_at, r.heartbeat_at) > now() - interval '1 day')
