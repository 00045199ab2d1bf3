-- As mark-success.sql, for a backup whose manifest another node has found: unless the one that ran it has shown a sign of life
-- since, or a node is removing it.
UPDATE backup_history
   SET status = 'success', phase = NULL, progress = NULL, finished_at = now(), error_text = NULL,
       size_bytes = :#${body.size}, sha256 = :#${body.sha256}, crc32 = :#${body.crc32}, manifest_sha256 = :#${body.manifestSha256},
       tables_total = :#${body.tables}, tables_done = :#${body.tables}, bytes_done = :#${body.bytes},
       rows_total = :#${body.rows}, warnings = :#${exchangeProperty.warnings}::jsonb
 WHERE id = :#${body.backupId}::uuid AND status = 'in_progress' AND ending_node IS NULL
   AND heartbeat_at IS NOT DISTINCT FROM :#${exchangeProperty.row[heartbeat_at]}
