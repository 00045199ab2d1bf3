-- The newest good backup of everything in the same database before this one, whose archive is there, with the hash of its manifest:
-- what the store has is compared with that. None after a failed backup: had that archive been the reason, the next would fail, too.
SELECT p.s3_key AS key, p.manifest_sha256
  FROM backup_history b
  JOIN backup_history p ON p.database = b.database AND p.target IS NOT DISTINCT FROM b.target
 WHERE b.id = :#${exchangeProperty.backupId}::uuid AND p.id <> b.id AND p.created_at <= b.created_at
   AND p.status = 'success' AND p.s3_key IS NOT NULL AND coalesce(p.sha256, p.crc32) IS NOT NULL AND p.selection IS NULL
   AND NOT EXISTS (SELECT FROM backup_history f
                    WHERE f.database = b.database AND f.status = 'failed' AND f.id <> b.id
                      AND f.created_at >= p.created_at AND f.created_at <= b.created_at)
   AND p.manifest_sha256 IS NOT NULL AND p.archive_delete_reason IS NULL AND p.archive_deleted_at IS NULL
 ORDER BY p.created_at DESC, p.id DESC
 LIMIT 1
