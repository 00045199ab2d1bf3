-- The key of the newest good backup of everything in the same database before this one, whose archive is still there.
SELECT p.s3_key AS key
  FROM backup_history b
  JOIN backup_history p ON p.database = b.database AND p.target IS NOT DISTINCT FROM b.target
 WHERE b.id = :#${exchangeProperty.backupId}::uuid AND p.id <> b.id AND p.created_at <= b.created_at
   AND p.status = 'success' AND p.s3_key IS NOT NULL AND coalesce(p.sha256, p.crc32) IS NOT NULL AND p.selection IS NULL
   AND p.archive_delete_reason IS NULL AND p.archive_deleted_at IS NULL
 ORDER BY p.created_at DESC, p.id DESC
 LIMIT 1
