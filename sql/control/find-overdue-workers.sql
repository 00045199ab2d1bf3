-- Backups of workers elsewhere whose time is over.
SELECT id, date_trunc('second', now() - created_at)::text AS waited FROM backup_history
 WHERE status = 'in_progress' AND phase = 'external'
   -- A clock that was set forward makes nothing late.
   AND coalesce(created_at, '-infinity') < now() - make_interval(secs => :#seconds::int + :#ahead::int)
