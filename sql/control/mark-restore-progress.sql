-- The heartbeat of a restore that runs or waits for a thread, with what it has done so far.
UPDATE restore_history
   SET heartbeat_at = now(), phase = :#${body.phase},
       tables_total = :#${body.tablesTotal}, tables_done = :#${body.tablesDone},
       bytes_total = :#${body.bytesTotal}, bytes_done = :#${body.bytesDone}
 WHERE id = :#${body.id}::uuid AND status = 'in_progress'
