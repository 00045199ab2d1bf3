-- The heartbeat of a running backup, with what it has done so far and what it is doing.
UPDATE backup_history
   SET heartbeat_at = now(), moved_at = now() - make_interval(secs => :#${body.progress.idleSeconds}),
       tables_done = :#${body.progress.tablesDone}, bytes_done = :#${body.progress.bytesDone},
       progress = :#${body.progress.live}::jsonb
 WHERE id = :#${body.id} AND status = 'in_progress'
