-- Of each database its newest good backup, when latest/ wasn't compared with the history after it, or not for an hour.
SELECT b.id, b.dispatch_id, b.database, b.selection, b.node, b.s3_key, b.heartbeat_at
  FROM unnest(string_to_array(:#${exchangeProperty.databases}, ' ')) AS d (name)
 CROSS JOIN LATERAL (
       SELECT h.*
         FROM backup_history h
        WHERE h.database = d.name
          AND h.status = 'success' AND h.s3_key IS NOT NULL AND coalesce(h.sha256, h.crc32) IS NOT NULL AND h.selection IS NULL
          AND h.archive_delete_reason IS NULL AND h.archive_deleted_at IS NULL
        ORDER BY h.created_at DESC, h.id DESC
        LIMIT 1) AS b
 WHERE b.latest_at IS NULL OR b.latest_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '1 minute'
