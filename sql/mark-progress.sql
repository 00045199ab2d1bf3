-- The heartbeat of a running backup, with what it has done so far.
UPDATE backup_history
   SET heartbeat_at = now(), moved_at = now() - make_interval(secs => :#${body.progress.idleSeconds}),
       tables_done = :#${body.progress.tablesDone}, bytes_done = :#${body.progress.bytesDone}
 WHERE id = :#${body.id} AND status = 'in_progress'
