-- The heartbeat of a running backup, with what it has done so far.
UPDATE backup_history
   SET heartbeat_at = now(), tables_done = :#${body.progress.tablesDone}, bytes_done = :#${body.progress.bytesDone}
 WHERE id = :#${body.id} AND status = 'in_progress'
