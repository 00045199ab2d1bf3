-- The newest good backup of all of a database that isn't being deleted; with it, whether this history knows the archive that latest/
-- names (the property latestKey, where that was read).
SELECT id, database, s3_key, size_bytes, manifest_sha256,
       EXISTS (SELECT FROM backup_history k WHERE k.s3_key = :#${exchangeProperty.latestKey}) AS knows_latest
  FROM backup_history
 WHERE database = :#${exchangeProperty.database}
   AND status = 'success' AND s3_key IS NOT NULL AND coalesce(sha256, crc32) IS NOT NULL AND selection IS NULL
   AND archive_delete_reason IS NULL AND archive_deleted_at IS NULL
   AND coalesce(started_at, created_at) <= now()
 ORDER BY coalesce(started_at, created_at) DESC, id DESC
 LIMIT 1
