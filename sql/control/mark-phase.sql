UPDATE backup_history
   SET phase = :#${exchangeProperty.phase}, heartbeat_at = now(), moved_at = now(),
       tables_total = :#${exchangeProperty.run.progress.tablesTotal}
 WHERE id = :#${exchangeProperty.run.id} AND status = 'in_progress'
