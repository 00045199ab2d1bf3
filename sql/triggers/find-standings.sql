-- Of each database, by its standing: the last backup that ended as a success or failure; the last good one of everything whose
-- archive is there, by the rules of find-newest-backup.sql, though by when they were asked for, which is the order in which a
-- database's backups run and has an index; and the one in progress, a running one before those that wait.
SELECT b.*
  FROM unnest(string_to_array(:#${exchangeProperty.databases}, ' ')) AS d (name)
 CROSS JOIN LATERAL (
       (SELECT 'last' AS standing, h.*
          FROM backup_history h
         WHERE h.database = d.name AND h.status IN ('success', 'failed')
         ORDER BY h.created_at DESC, h.id DESC
         LIMIT 1)
       UNION ALL
       (SELECT 'last_good' AS standing, h.*
          FROM backup_history h
         WHERE h.database = d.name
           AND h.status = 'success' AND h.s3_key IS NOT NULL AND coalesce(h.sha256, h.crc32) IS NOT NULL AND h.selection IS NULL
           AND h.archive_delete_reason IS NULL AND h.archive_deleted_at IS NULL
           AND coalesce(h.started_at, h.created_at) <= now()
         ORDER BY h.created_at DESC, h.id DESC
         LIMIT 1)
       UNION ALL
       (SELECT 'running' AS standing, h.*
          FROM backup_history h
         WHERE h.database = d.name AND h.status = 'in_progress'
         ORDER BY h.phase = 'queued', h.created_at DESC, h.id DESC
         LIMIT 1)) AS b
