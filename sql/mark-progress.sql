-- The heartbeat of a running backup, with what it has done so far and what it is doing. Not of one that another node is ending.
UPDATE backup_history
   SET heartbeat_at = now(), moved_at = now() - make_interval(secs => :#${body.progress.idleSeconds}),
       tables_done = :#${body.progress.tablesDone}, bytes_done = :#${body.progress.bytesDone},
       progress = :#${body.progress.live}::jsonb
 WHERE id = :#${body.id} AND status = 'in_progress' AND coalesce(ending_node, node) IS NOT DISTINCT FROM node
