-- Newest first. A page goes on after the row that the cursor names.
SELECT *
  FROM backup_history
 WHERE (:#${body.status}::text IS NULL OR status = :#${body.status})
   AND (:#${body.database}::text IS NULL OR database = :#${body.database})
   AND (:#${body.dispatchId}::text IS NULL OR dispatch_id = :#${body.dispatchId})
   AND (:#${body.trigger}::text IS NULL OR trigger = :#${body.trigger})
   AND (:#${body.cursorTime}::timestamptz IS NULL
        OR (created_at, id) < (:#${body.cursorTime}::timestamptz, :#${body.cursorId}::uuid))
 ORDER BY created_at DESC, id DESC
 LIMIT :#${body.limitPlusOne}::int
