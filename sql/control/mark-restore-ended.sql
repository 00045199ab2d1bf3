-- How a restore ended. A cancelled one stays cancelled; only now it is known what that left behind.
UPDATE restore_history
   SET status = CASE status WHEN 'cancelled' THEN status ELSE :#${body.status} END, phase = NULL, finished_at = now(),
       error_text = :#${body.errorText}, report = :#${body.report}::jsonb,
       tables_total = coalesce(:#${body.tablesTotal}::int, tables_total),
       tables_done = coalesce(:#${body.tablesDone}::int, tables_done),
       bytes_total = coalesce(:#${body.bytesTotal}::bigint, bytes_total),
       bytes_done = coalesce(:#${body.bytesDone}::bigint, bytes_done)
 WHERE id = :#${body.id}::uuid AND (status = 'in_progress' OR status = 'cancelled' AND report IS NULL)
