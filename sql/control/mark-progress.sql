-- The heartbeat of a running backup, with what it has done so far and what it is doing; of a good one, until latest/ names it.
-- Not of one that another node is ending.
UPDATE backup_history
   SET heartbeat_at = now(), moved_at = now() - make_interval(secs => :#${body.progress.idleSeconds}),
       tables_done = :#${body.progress.tablesDone}, bytes_done = :#${body.progress.bytesDone},
       progress = CASE WHEN status = 'in_progress' THEN :#${body.progress.live}::jsonb END
 WHERE id = :#${body.id} AND (status = 'in_progress' AND coalesce(ending_node, node) IS NOT DISTINCT FROM node
        OR status = 'success' AND latest_at IS NULL)
