-- By the node that runs it alone, unless another one has ended it, or is removing what it stored. The values are the proof's
-- (prove.camel.yaml): without it no row is updated.
UPDATE backup_history
   SET status = 'success', phase = NULL, progress = NULL, finished_at = now(), error_text = NULL,
       size_bytes = :#${exchangeProperty.outcome.size}, sha256 = :#${exchangeProperty.outcome.sha256}, crc32 = :#${exchangeProperty.outcome.crc32},
       manifest_sha256 = :#${exchangeProperty.outcome.manifestSha256},
       tables_total = :#${exchangeProperty.outcome.tables}, tables_done = :#${exchangeProperty.outcome.tables}, bytes_done = :#${exchangeProperty.outcome.bytes},
       rows_total = :#${exchangeProperty.outcome.rows}, warnings = :#${exchangeProperty.warnings}::jsonb
 WHERE id = :#${exchangeProperty.outcome.backupId}::uuid AND status = 'in_progress' AND ending_node IS NULL
   AND node = :#${exchangeProperty.run.row[node]}
